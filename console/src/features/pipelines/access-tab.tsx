import type { Pipeline } from '#api/pipeline.ts';
import type { PipelineAccess } from '#api/pipeline-access.ts';
import { Anchor, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { StateBadge } from '../../components/badges.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { plural, sentence } from './words.ts';

const HEIGHT = 520;
const COMMIT_CHARS = 10;

/** What the pipeline used of what it could reach, by the decisions of the last 30 days. */
export function AccessTab({ pipeline }: { pipeline: Pipeline }) {
  const { repository, file } = pipeline;
  const query = useQuery(operationQuery('getPipelineAccess', { query: { repository, file } }));
  return (
    <QueryView query={query} height={HEIGHT}>
      {(access) => (
        <Stack>
          <Reachable access={access} />
          <Used access={access} />
          <Runs access={access} />
          {access.complete ? null : (
            <Text fz="sm" c="dimmed">
              There was more than could be looked at: counts are lower bounds.
            </Text>
          )}
        </Stack>
      )}
    </QueryView>
  );
}

function Reachable({ access: { reachable } }: { access: PipelineAccess }) {
  const unused = reachable.filter(({ used }) => used === false).length;
  return (
    <Panel
      title="What it could reach"
      note={
        unused === 0
          ? 'Against what it used in the last 30 days.'
          : `${plural(unused, 'resource')} of these it never used in the last 30 days: take them away.`
      }
    >
      {reachable.length === 0 ? (
        <Text c="dimmed">It names no stored secret, and no policy gives it a resource.</Text>
      ) : (
        <Table.ScrollContainer minWidth={520}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>What</Table.Th>
                <Table.Th>Used</Table.Th>
                <Table.Th>How it is known</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {reachable.map(({ kind, name, used, because }) => (
                <Table.Tr key={`${kind} ${name}`}>
                  <Table.Th scope="row" fw={500} className="breakable">
                    {name}
                    <Text fz="xs" c="dimmed">
                      {kind === 'resource' ? 'Resource' : 'Stored secret'}
                    </Text>
                  </Table.Th>
                  <Table.Td>
                    {used === null ? (
                      <StateBadge state="unknown" label="Cannot be known" />
                    ) : (
                      <StateBadge state={used ? 'good' : 'attention'} label={used ? 'Used' : 'Never used'} />
                    )}
                  </Table.Td>
                  <Table.Td className="breakable">{sentence(because)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}

function Used({ access: { resources } }: { access: PipelineAccess }) {
  if (resources.length === 0) {
    return (
      <Panel title="Credentials that it used">
        <EmptyState title="It asked for nothing in the last 30 days" icon={KeyRound}>
          A pipeline that takes its credentials from here shows every one of them in this place.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel title="Credentials that it used">
      <Table.ScrollContainer minWidth={480}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Resource</Table.Th>
              <Table.Th ta="end">Issued</Table.Th>
              <Table.Th ta="end">Denied</Table.Th>
              <Table.Th>Last</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {resources.map(({ name, issued, denied, lastAt, storedSecret }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={500} className="breakable">
                  {name}
                  {storedSecret ? (
                    <Text fz="xs" c="dimmed">
                      A stored value stands behind it
                    </Text>
                  ) : null}
                </Table.Th>
                <Table.Td ta="end" className="numeric">
                  {issued}
                </Table.Td>
                <Table.Td ta="end" className="numeric">
                  {denied}
                </Table.Td>
                <Table.Td>{lastAt === null ? '—' : <TimeAgo moment={lastAt} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}

function Runs({ access: { runs } }: { access: PipelineAccess }) {
  if (runs.length === 0) return null;
  return (
    <Panel title="Runs" note="Those that asked for something, the newest first.">
      <Table.ScrollContainer minWidth={520}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Run</Table.Th>
              <Table.Th>Ref</Table.Th>
              <Table.Th>Commit</Table.Th>
              <Table.Th ta="end">Decisions</Table.Th>
              <Table.Th ta="end">Denied</Table.Th>
              <Table.Th>When</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map(({ run, at, ref, commit, decisions, denied, decision }) => (
              <Table.Tr key={run}>
                <Table.Th scope="row" fw={500} className="mono breakable">
                  <Anchor
                    renderRoot={(root) => <Link {...root} to="/decisions/$id" params={{ id: decision }} />}
                  >
                    {run}
                  </Anchor>
                </Table.Th>
                <Table.Td className="breakable">
                  {ref?.replace(/^refs\/(?:heads|tags)\//, '') ?? '—'}
                </Table.Td>
                <Table.Td className="mono">{commit?.slice(0, COMMIT_CHARS) ?? '—'}</Table.Td>
                <Table.Td ta="end" className="numeric">
                  {decisions}
                </Table.Td>
                <Table.Td ta="end" className="numeric">
                  {denied}
                </Table.Td>
                <Table.Td>
                  <TimeAgo moment={at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
