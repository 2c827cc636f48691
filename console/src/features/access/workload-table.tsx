import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { WorkloadUse } from '#api/access-use.ts';
import { StateBadge } from '../../components/badges.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';
import { listHeight } from './list-height.ts';
import { LastUsed, UseCell } from './use-cells.tsx';

const workload: Column<WorkloadUse> = {
  key: 'workload',
  header: 'Workload',
  width: 'minmax(0, 2.4fr)',
  render: ({ workload: name, trigger }) => (
    <div>
      <Text span fz="sm" fw={520} className="breakable">
        {name}
      </Text>
      {trigger === null ? null : (
        <Text fz="xs" c="dimmed">
          on {trigger}
        </Text>
      )}
    </div>
  ),
};

const resource: Column<WorkloadUse> = {
  key: 'resource',
  header: 'Resource',
  width: 'minmax(0, 1fr)',
  hideOnPhone: true,
  render: ({ resource: name }) => <span className="breakable">{name}</span>,
};

const rest: readonly Column<WorkloadUse>[] = [
  { key: 'use', header: 'In 30 days', width: 'minmax(0, 1.4fr)', render: ({ use }) => <UseCell use={use} /> },
  {
    key: 'last',
    header: 'Last seen',
    width: 'minmax(0, 0.9fr)',
    hideOnPhone: true,
    render: ({ use }) => <LastUsed use={use} />,
  },
  {
    key: 'now',
    header: 'Today',
    width: 'minmax(0, 1.6fr)',
    render: ({ allowedNow, policies }) => (
      <Group gap={6}>
        {allowedNow ? <StateBadge state="good" label="May" /> : <StateBadge state="act" label="May not" />}
        <Text span fz="xs" c="dimmed" className="breakable">
          {policies.join(', ')}
        </Text>
      </Group>
    ),
  },
  {
    key: 'why',
    header: 'Reason',
    width: '5rem',
    align: 'end',
    render: ({ lastDecision, workload: name, resource: asked }) => (
      <Anchor
        renderRoot={(root) => (
          <Link {...root} to="/access/simulate" search={{ decision: lastDecision, resource: asked }} />
        )}
        fz="sm"
        aria-label={`Why may ${name} have ${asked}, or not?`}
      >
        Why?
      </Anchor>
    ),
  },
];

/** Kinds of run that asked, and what would be decided about them now. */
export function WorkloadTable(props: {
  label: string;
  uses: readonly WorkloadUse[];
  withResource?: boolean;
}) {
  const columns = props.withResource === true ? [workload, resource, ...rest] : [workload, ...rest];
  return (
    <VirtualList
      label={props.label}
      columns={columns}
      rows={props.uses}
      rowKey={(use) =>
        `${use.principal} ${use.resource} ${use.ref} ${use.environment} ${use.trigger} ${use.lastDecision}`
      }
      rowHeight={56}
      height={listHeight(props.uses.length)}
    />
  );
}
