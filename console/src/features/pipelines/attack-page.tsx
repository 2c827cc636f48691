import type { AttackPath } from '#api/attack-path.ts';
import { Grid, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { operationQuery } from '../../api/queries.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { NotFound } from '../../components/not-found.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { AttackChanges } from './attack-changes.tsx';
import classes from './attack-page.module.css';
import { PlaceLink } from './authority-panel.tsx';
import { Prose } from './prose.tsx';
import { plural, sentence, shortFile } from './words.ts';

const route = getRouteApi('/shell/pipelines/attack');
const HEIGHT = 520;

/** The lines without what they are all indented by. */
function dedent(lines: readonly string[]): string[] {
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line) => line.slice(indent));
}

/** One way in: who can start it, where it leads, and what to change first. */
export function AttackPage() {
  const { repository, id } = route.useSearch();
  if (repository === undefined || id === undefined) return <NotFound />;
  return <KnownAttack repository={repository} id={id} />;
}

function KnownAttack({ repository, id }: { repository: string; id: string }) {
  const query = useQuery(operationQuery('getAttackPath', { query: { repository, id } }));
  return (
    <Page
      title="Attack path"
      lead={query.data === undefined ? undefined : <Prose text={query.data.title} />}
      crumbs={[
        { label: 'Pipelines', link: { to: '/pipelines' } },
        { label: repository, link: { to: '/pipelines/repository', search: { name: repository } } },
      ]}
    >
      <QueryView query={query} height={HEIGHT}>
        {(attack) => (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack>
                <Summary attack={attack} />
                <Stations attack={attack} />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 7 }}>
              <AttackChanges attack={attack} />
            </Grid.Col>
          </Grid>
        )}
      </QueryView>
    </Page>
  );
}

function Summary({ attack }: { attack: AttackPath }) {
  const { severity, startedBy, needs, reaches, explanation, rule, pipelines } = attack;
  return (
    <Panel
      title={
        <Group gap="xs">
          In short <SeverityBadge severity={severity} />
        </Group>
      }
    >
      <KeyValues
        items={[
          ['Who starts it', <Prose key="who" text={startedBy} />],
          ['What it takes', sentence(needs)],
          [
            'What they reach',
            reaches.length === 0 ? (
              'No more than the run itself'
            ) : (
              <ul className={classes.reaches}>
                {reaches.map((each) => (
                  <li key={each}>{sentence(each)}</li>
                ))}
              </ul>
            ),
          ],
          ['Through', pipelines.map(shortFile).join(', ')],
          ['Rule', rule],
        ]}
      />
      <Text fz="sm" c="dimmed" className="breakable">
        <Prose text={explanation} />
      </Text>
    </Panel>
  );
}

function Stations({ attack: { repository, stations } }: { attack: AttackPath }) {
  return (
    <Panel title={`The way, in ${plural(stations.length, 'step')}`}>
      <ol className={classes.way}>
        {stations.map(({ label, place, excerpt, excerptLine }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the order is what a step is known by
          <li key={index} className={classes.step}>
            <Text fw={560} className="breakable">
              <Prose text={label} />
            </Text>
            <PlaceLink repository={repository} file={place.file} line={place.line} />
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
            <pre className={classes.excerpt} tabIndex={0}>
              {dedent(excerpt).map((line, at) => (
                // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity
                <span key={at} data-line={excerptLine + at}>
                  {line}
                  {'\n'}
                </span>
              ))}
            </pre>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
