import type { DecisionSummary } from '#api/decision.ts';
import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { OutcomeBadge } from '../../components/badges.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import type { Column } from '../../components/virtual-list.tsx';

const HEADS = /^refs\/(?:heads|tags)\//;

export function shortRef(ref: string): string {
  return ref.replace(HEADS, '');
}

/** What is known of who asked, the most telling first. */
export function workloadOf({
  repository,
  principal,
}: Pick<DecisionSummary, 'repository' | 'principal'>): string {
  return repository ?? (principal === 'unverified' ? 'Unverified workload' : principal);
}

function contextOf({ ref, environment, trigger, provider }: DecisionSummary): string {
  const parts = [ref === null ? null : shortRef(ref), environment, trigger, ref === null ? provider : null];
  return parts.filter((part) => part !== null).join(' · ');
}

function decidedBy({ reason, policies }: DecisionSummary): string {
  return reason ?? (policies.length === 0 ? '—' : policies.join(', '));
}

export const DECISION_COLUMNS: readonly Column<DecisionSummary>[] = [
  {
    key: 'outcome',
    header: 'Outcome',
    width: '6.5rem',
    render: ({ outcome }) => <OutcomeBadge outcome={outcome} />,
  },
  {
    key: 'who',
    header: 'Workload',
    width: 'minmax(0, 2.4fr)',
    render: (decision) => (
      <>
        <Anchor
          renderRoot={(root) => <Link {...root} to="/decisions/$id" params={{ id: decision.id }} />}
          fw={560}
          c="inherit"
          className="breakable"
        >
          {workloadOf(decision)}
        </Anchor>
        <Text fz="xs" c="dimmed" truncate title={contextOf(decision)}>
          {contextOf(decision)}
        </Text>
      </>
    ),
  },
  {
    key: 'resource',
    header: 'Resource',
    width: 'minmax(0, 1.3fr)',
    render: ({ resource }) => (
      <Group gap={6} wrap="nowrap">
        <Text fz="xs" c="dimmed" hiddenFrom="sm">
          asked for
        </Text>
        <Text truncate title={resource ?? ''}>
          {resource ?? '—'}
        </Text>
      </Group>
    ),
  },
  {
    key: 'why',
    header: 'Decided by',
    width: 'minmax(0, 1.5fr)',
    hideOnPhone: true,
    render: (decision) => (
      <Text fz="sm" className="mono" truncate title={decidedBy(decision)}>
        {decidedBy(decision)}
      </Text>
    ),
  },
  {
    key: 'time',
    header: 'When',
    width: '7.5rem',
    align: 'end',
    render: ({ time }) => (
      <Text span fz="sm" c="dimmed">
        <TimeAgo moment={time} />
      </Text>
    ),
  },
];
