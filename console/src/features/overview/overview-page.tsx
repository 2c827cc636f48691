import type { Overview } from '#api/overview.ts';
import { Button, SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Rocket } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer } from './answer.tsx';
import { AreaTile } from './area-tile.tsx';
import { AttackChains } from './attack-chains.tsx';
import { CoveragePanel } from './coverage-panel.tsx';
import { IntegrityPanel } from './integrity-panel.tsx';
import { LiveAccessPanel } from './live-access-panel.tsx';

const REFRESH_MS = 30_000;
const AREAS = 8;

function Newcomer() {
  return (
    <Panel>
      <EmptyState
        title="Nothing has come by yet"
        icon={Rocket}
        action={
          <Button mt="xs" renderRoot={(root) => <Link {...root} to="/first-run" />}>
            Set up the first job
          </Button>
        }
      >
        The guide leads from here to the first job that gets its credential without a stored secret. It takes
        some ten minutes, and this page fills itself on the way.
      </EmptyState>
    </Panel>
  );
}

/** Of the same size as what comes. */
function Loading() {
  return (
    <Stack gap="lg" role="status" aria-label="Loading" aria-busy>
      <Skeleton height={96} radius="md" />
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        {Array.from({ length: AREAS }, (_, index) => (
          <Skeleton key={index} height={252} radius="md" />
        ))}
      </SimpleGrid>
      <Skeleton height={280} radius="md" />
    </Stack>
  );
}

function Content({ overview }: { overview: Overview }) {
  const { areas, attackPaths, coverage, liveAccess, integrity } = overview;
  if (overview.isNew) return <Newcomer />;
  return (
    <Stack gap="lg">
      <Answer overview={overview} />
      <section aria-labelledby="areas">
        <Title order={2} id="areas" mb="sm">
          Where it stands
        </Title>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
          {areas.map((area) => (
            <AreaTile key={area.area} area={area} />
          ))}
        </SimpleGrid>
      </section>
      <Panel
        title="Ways in"
        note="From who can start it to what it reaches; those that an attacker would take come first."
      >
        <AttackChains paths={attackPaths} />
      </Panel>
      <SimpleGrid cols={{ base: 1, md: liveAccess === null ? 1 : 3 }}>
        <CoveragePanel coverage={coverage} />
        {liveAccess === null ? null : <LiveAccessPanel access={liveAccess} />}
        {integrity === null ? null : <IntegrityPanel integrity={integrity} />}
      </SimpleGrid>
    </Stack>
  );
}

/** The first page that anyone sees: what would an attacker use today? */
export function OverviewPage() {
  const query = useQuery({ ...operationQuery('getOverview', {}), refetchInterval: REFRESH_MS });
  return (
    <Page title="What would an attacker use today?">
      {query.data !== undefined ? (
        <Content overview={query.data} />
      ) : query.error !== null ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
