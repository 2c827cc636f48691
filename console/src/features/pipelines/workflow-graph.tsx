import type { Pipeline, PipelineJob } from '#api/pipeline.ts';
import { Anchor, Badge, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Cog, Globe, Workflow, Zap } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { SeverityBadge } from '../../components/badges.tsx';
import { GraphSkeleton } from './graph-skeleton.tsx';
import type { GraphBox, GraphLine } from './graph-model.ts';
import { SeverityLine } from './severity-line.tsx';
import { findingsOfJob, worstOf } from './job-findings.ts';
import { actorLabel, plural } from './words.ts';

const GraphCanvas = lazy(async () => ({ default: (await import('./graph-canvas.tsx')).GraphCanvas }));

const HEIGHT = '26rem';
const triggerId = (event: string) => `trigger ${event}`;
const jobId = (id: string) => `job ${id}`;

function boxesOf(pipeline: Pipeline): GraphBox[] {
  const triggers = new Map(pipeline.triggers.map((trigger) => [trigger.event, trigger]));
  return [
    ...[...triggers.values()].map(
      ({ event, outsiders }): GraphBox => ({
        id: triggerId(event),
        kind: outsiders ? 'Outsiders can start it' : 'Trigger',
        label: event,
        icon: outsiders ? Globe : Zap,
        tone: outsiders ? 'outsider' : 'plain',
      }),
    ),
    ...pipeline.jobs.map((job): GraphBox => {
      const found = findingsOfJob(job, pipeline);
      const worst = worstOf(found);
      return {
        id: jobId(job.id),
        kind: job.calls === null ? plural(job.steps, 'step') : 'Calls another pipeline',
        label: job.name ?? job.id,
        icon: job.calls === null ? Cog : Workflow,
        tone: worst === 'critical' || worst === 'high' ? 'attacked' : 'plain',
        note: found.length === 0 ? undefined : plural(found.length, 'finding'),
      };
    }),
  ];
}

function linesOf({ triggers, jobs }: Pipeline): GraphLine[] {
  const ids = new Set(jobs.map(({ id }) => id));
  const events = [...new Set(triggers.map(({ event }) => event))];
  const first = jobs.filter(({ needs }) => !needs.some((need) => ids.has(need)));
  return [
    ...events.flatMap((event) => first.map(({ id }) => ({ from: triggerId(event), to: jobId(id) }))),
    ...jobs.flatMap(({ id, needs }) =>
      needs.filter((need) => ids.has(need)).map((need) => ({ from: jobId(need), to: jobId(id) })),
    ),
  ];
}

/** Which job runs after which, and what each may do. */
export function WorkflowGraph(props: {
  pipeline: Pipeline;
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
}) {
  const { pipeline, selected, onSelect } = props;
  const boxes = useMemo(() => boxesOf(pipeline), [pipeline]);
  const lines = useMemo(() => linesOf(pipeline), [pipeline]);
  const job = pipeline.jobs.find(({ id }) => jobId(id) === selected);
  if (pipeline.jobs.length === 0) {
    return (
      <EmptyState title="No jobs">
        This definition is used by others: its steps run in the jobs that call it.
      </EmptyState>
    );
  }
  return (
    <Stack>
      <Suspense fallback={<GraphSkeleton height={HEIGHT} />}>
        <GraphCanvas
          label="Jobs in the order in which they run"
          boxes={boxes}
          lines={lines}
          selected={selected}
          onSelect={onSelect}
          height={HEIGHT}
        />
      </Suspense>
      {job === undefined ? null : <JobPanel job={job} pipeline={pipeline} />}
      <JobTable pipeline={pipeline} />
    </Stack>
  );
}

function JobPanel({ job, pipeline }: { job: PipelineJob; pipeline: Pipeline }) {
  const found = findingsOfJob(job, pipeline);
  const { permissions } = job;
  return (
    <Panel title={`Job ${job.name ?? job.id}`}>
      <KeyValues
        items={[
          [
            'Runs on',
            job.runner === null
              ? undefined
              : `${job.runner}${job.hosting === 'self-hosted' ? ' (self-hosted)' : ''}`,
          ],
          ['Environment', job.environment],
          ['Condition', job.condition === null ? undefined : <code className="mono">{job.condition}</code>],
          ['Calls', job.calls],
          ['After', job.needs.length === 0 ? undefined : job.needs.join(', ')],
          [
            'Token may',
            permissions.from === 'default'
              ? 'What the platform’s setting says; no file shows it'
              : permissions.scopes.join(', ') || 'Nothing',
          ],
          [
            'Findings',
            found.length === 0 ? (
              'None'
            ) : (
              <Stack gap={4}>
                {found.map(({ fingerprint, severity, message, place }) => (
                  <SeverityLine key={fingerprint} severity={severity}>
                    <SourceLink pipeline={pipeline} line={place.line}>
                      {message}
                    </SourceLink>
                  </SeverityLine>
                ))}
              </Stack>
            ),
          ],
        ]}
      />
    </Panel>
  );
}

function SourceLink({ pipeline, line, children }: { pipeline: Pipeline; line: number; children: string }) {
  const { repository, file } = pipeline;
  return (
    <Anchor
      renderRoot={(root) => (
        <Link {...root} to="/pipelines/pipeline" search={{ repository, file, tab: 'source', line }} />
      )}
      fz="sm"
      className="breakable"
    >
      {children}
    </Anchor>
  );
}

/** The same as the drawing, in words. */
function JobTable({ pipeline }: { pipeline: Pipeline }) {
  return (
    <Panel title="Jobs" note={startsText(pipeline)}>
      <Table.ScrollContainer minWidth={560}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Job</Table.Th>
              <Table.Th>After</Table.Th>
              <Table.Th>Environment</Table.Th>
              <Table.Th>Token may</Table.Th>
              <Table.Th>Findings</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pipeline.jobs.map((job) => {
              const worst = worstOf(findingsOfJob(job, pipeline));
              return (
                <Table.Tr key={job.id}>
                  <Table.Th scope="row" fw={500}>
                    <SourceLink pipeline={pipeline} line={job.line}>
                      {job.name ?? job.id}
                    </SourceLink>
                  </Table.Th>
                  <Table.Td>{job.needs.join(', ') || '—'}</Table.Td>
                  <Table.Td>{job.environment ?? '—'}</Table.Td>
                  <Table.Td className="mono">
                    {job.permissions.from === 'default'
                      ? 'platform’s setting'
                      : job.permissions.scopes.join(', ') || 'nothing'}
                  </Table.Td>
                  <Table.Td>
                    {worst === undefined ? (
                      <Badge color="gray">None</Badge>
                    ) : (
                      <SeverityBadge severity={worst} />
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {pipeline.triggers.length === 0 ? null : (
        <Text fz="sm" c="dimmed">
          {pipeline.triggers.map(({ event, firedBy }) => `${event}: ${actorLabel(firedBy)}`).join(' · ')}
        </Text>
      )}
    </Panel>
  );
}

function startsText({ triggers }: Pipeline): string {
  return triggers.some(({ outsiders }) => outsiders)
    ? 'Somebody outside of the project can start it.'
    : 'Only members, the clock or the platform start it.';
}
