import type { PipelinePage, Repository } from '#api/inventory.ts';
import { Group, Stack, Tabs, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { operationQuery, pagedQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { NotFound } from '../../components/not-found.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Stat } from '../../components/stat.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { PIPELINE_COLUMNS } from './inventory-columns.tsx';
import { PagedList } from './paged-list.tsx';
import { RepositoryTests } from './repository-tests.tsx';
import { REPOSITORY_TABS, type RepositoryTab } from './search.ts';
import { ThirdParties } from './third-parties.tsx';
import { describeCounts } from './words.ts';

const route = getRouteApi('/shell/pipelines/repository');
const HEIGHT = 640;
const PAGE = 50;

const LABELS: Readonly<Record<RepositoryTab, string>> = {
  pipelines: 'Pipelines',
  tests: 'Security tests',
  'third-parties': 'Third parties',
};

/** One repository: its pipelines, what tests run, and whose code they run. */
export function RepositoryPage() {
  const { name } = route.useSearch();
  return name === undefined ? <NotFound /> : <KnownRepository key={name} name={name} />;
}

function KnownRepository({ name }: { name: string }) {
  const query = useQuery(operationQuery('getRepository', { query: { name } }));
  return (
    <Page
      title={name}
      lead="Its pipelines as they stand on the default branch."
      crumbs={[
        { label: 'Pipelines', link: { to: '/pipelines' } },
        { label: 'Repositories', link: { to: '/pipelines', search: { view: 'repositories' } } },
      ]}
    >
      <QueryView query={query} height={HEIGHT}>
        {(repository) => (
          <Stack>
            <Figures repository={repository} />
            <Problems problems={repository.problems} />
            <RepositoryTabs repository={repository} />
          </Stack>
        )}
      </QueryView>
    </Page>
  );
}

function Figures({ repository }: { repository: Repository }) {
  const { pipelines, attackPaths, staticCredentials, findings, commit, branch, inspectedAt } = repository;
  return (
    <Panel>
      <Group gap="xl" align="flex-start">
        <Stat label="Pipelines" value={pipelines} />
        <Stat label="Attack paths" value={attackPaths} />
        <Stat label="Stored credentials" value={staticCredentials} />
        <Stat
          label="Findings"
          value={Object.values(findings).reduce((sum, count) => sum + count, 0)}
          note={describeCounts(findings)}
        />
        <div>
          <Text fz="sm" c="dimmed">
            Inspected
          </Text>
          <TimeAgo moment={inspectedAt} />
          <Text component="div" fz="sm" c="dimmed">
            {branch ?? 'default branch'} at
            <Identifier value={commit.slice(0, 12)} label="Copy the commit" />
          </Text>
        </div>
      </Group>
    </Panel>
  );
}

/** What was not read is said: silence would be taken for safety. */
function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <Panel title="What could not be read">
      <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
        {problems.map((problem) => (
          <li key={problem} className="breakable">
            {problem}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function RepositoryTabs({ repository }: { repository: Repository }) {
  const { tab = 'pipelines' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Tabs
      value={tab}
      onChange={(chosen) =>
        void navigate({
          search: (current) => ({
            ...current,
            tab: REPOSITORY_TABS.find((each) => each === chosen && each !== 'pipelines'),
          }),
        })
      }
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {REPOSITORY_TABS.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {LABELS[each]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="pipelines">
        <Pipelines name={repository.name} />
      </Tabs.Panel>
      <Tabs.Panel value="tests">
        <RepositoryTests repository={repository} />
      </Tabs.Panel>
      <Tabs.Panel value="third-parties">
        <ThirdParties parties={repository.thirdParties} />
      </Tabs.Panel>
    </Tabs>
  );
}

const pipelinesOf = (page: PipelinePage) => page.pipelines;

function Pipelines({ name }: { name: string }) {
  const query = useInfiniteQuery(
    pagedQuery('listPipelines', { query: { repository: name, limit: PAGE } }, 'after', (page) => page.next),
  );
  return (
    <PagedList
      label={`Pipelines of ${name}`}
      query={query}
      rowsOf={pipelinesOf}
      columns={PIPELINE_COLUMNS}
      rowKey={({ file }) => file}
      empty={
        <EmptyState title="No pipelines">
          What was uploaded for this repository holds no pipeline definition.
        </EmptyState>
      }
    />
  );
}
