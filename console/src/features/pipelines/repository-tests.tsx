import type { Repository, SecurityTestRun } from '#api/inventory.ts';
import { Stack, Table, Text } from '@mantine/core';
import { TestTubeDiagonal } from 'lucide-react';
import { StateBadge } from '../../components/badges.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { Prose } from './prose.tsx';
import { plural } from './words.ts';

/** These are made for others; there is nothing in them that could stop anything. */
const PRODUCTS: ReadonlySet<string> = new Set(['SBOM', 'signing', 'provenance']);

function effectOf({ kinds, stops, guardsRelease }: SecurityTestRun) {
  if (kinds.every((kind) => PRODUCTS.has(kind))) return { state: 'good', label: 'Is made' } as const;
  if (!stops) return { state: 'attention', label: 'Stops nothing' } as const;
  return { state: 'good', label: guardsRelease ? 'Stops the release' : 'Stops its job' } as const;
}

/** Which security tests run, whether a failure stops anything, and what is missing. */
export function RepositoryTests({ repository }: { repository: Repository }) {
  const { tests, gaps, releases } = repository;
  const open = releases.filter(({ guarded }) => !guarded);
  return (
    <Stack>
      {gaps.length === 0 && open.length === 0 ? null : (
        <Panel title="What is missing">
          <Stack component="ul" gap="xs" m={0} pl="1.2rem">
            {gaps.map(({ kind, what, change }) => (
              <li key={kind} className="breakable">
                <b>{kind}:</b> <Prose text={what} />. <Prose text={change} />
              </li>
            ))}
            {open.length === 0 ? null : (
              <li className="breakable">
                <b>Releases:</b> {plural(open.length, 'release job')} of {releases.length}{' '}
                {open.length === 1 ? 'waits' : 'wait'} for no security test:{' '}
                {open.map(({ job, what }) => `${job} (${what})`).join(', ')}.
              </li>
            )}
          </Stack>
        </Panel>
      )}
      <Panel title="What runs">
        {tests.length === 0 ? (
          <EmptyState title="No security test runs" icon={TestTubeDiagonal}>
            No pipeline of this repository runs a tool that is known to look for weaknesses.
          </EmptyState>
        ) : (
          <Table.ScrollContainer minWidth={620}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Tool</Table.Th>
                  <Table.Th>Looks for</Table.Th>
                  <Table.Th>When</Table.Th>
                  <Table.Th>A finding</Table.Th>
                  <Table.Th>Where</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {tests.map((test) => (
                  <Table.Tr key={`${test.tool} ${test.place} ${test.job}`}>
                    <Table.Th scope="row" fw={500}>
                      {test.tool}
                    </Table.Th>
                    <Table.Td>{test.kinds.join(', ')}</Table.Td>
                    <Table.Td>{test.moments.join(', ') || '—'}</Table.Td>
                    <Table.Td>
                      <StateBadge {...effectOf(test)} />
                      {test.ignoredBecause === null || effectOf(test).state === 'good' ? null : (
                        <Text fz="xs" c="dimmed" className="breakable">
                          {test.ignoredBecause}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td className="mono breakable">{test.place}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Panel>
    </Stack>
  );
}
