import { Badge, Group, SegmentedControl, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ProposalState, ProposalSummary } from '#api/configuration-change.ts';
import {
  Check,
  CircleCheck,
  CircleDashed,
  GitPullRequestArrow,
  type LucideIcon,
  Undo2,
  X,
} from 'lucide-react';
import { pagedQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';
import { listHeight } from './list-height.ts';
import { AccessPage } from './access-page.tsx';
import classes from './access.module.css';

const route = getRouteApi('/shell/access/proposals');

const STATES: Readonly<Record<ProposalState, { label: string; color: string; icon: LucideIcon }>> = {
  open: { label: 'Waits for review', color: 'yellow', icon: CircleDashed },
  approved: { label: 'Approved', color: 'blue', icon: Check },
  applied: { label: 'In force', color: 'vouch', icon: CircleCheck },
  rejected: { label: 'Turned down', color: 'red', icon: X },
  superseded: { label: 'Overtaken', color: 'gray', icon: Undo2 },
};

export function ProposalStateBadge({ state }: { state: ProposalState }) {
  const { label, color, icon: Icon } = STATES[state];
  return (
    <Badge color={color} leftSection={<Icon size={12} aria-hidden />}>
      {label}
    </Badge>
  );
}

const columns: readonly Column<ProposalSummary>[] = [
  {
    key: 'title',
    header: 'Change',
    width: 'minmax(0, 2.4fr)',
    render: ({ id, title, paths }) => (
      <div>
        <Link to="/access/proposals/$id" params={{ id }} className={classes.rowLink ?? ''}>
          <span className="breakable">{title}</span>
        </Link>
        <Text fz="xs" c="dimmed" className="breakable">
          {paths.join(', ')}
        </Text>
      </div>
    ),
  },
  { key: 'state', header: 'State', width: '10.5rem', render: (row) => <ProposalStateBadge {...row} /> },
  {
    key: 'replay',
    header: 'Would have changed',
    width: 'minmax(0, 1.3fr)',
    hideOnPhone: true,
    render: ({ replay: { lose, gain } }) => (
      <Text span fz="sm" className="numeric">
        {lose === 0 && gain === 0 ? 'nothing that ran' : `${lose} lose · ${gain} gain`}
      </Text>
    ),
  },
  {
    key: 'by',
    header: 'By',
    width: 'minmax(0, 1.1fr)',
    render: ({ author, createdAt }) => (
      <Text span fz="sm" className="breakable">
        {author}, <TimeAgo moment={createdAt} />
      </Text>
    ),
  },
];

export function ProposalsPage() {
  const { state = 'open' } = route.useSearch();
  const navigate = route.useNavigate();
  const states: ProposalState[] =
    state === 'open' ? ['open', 'approved'] : ['applied', 'rejected', 'superseded'];
  const query = useInfiniteQuery({
    ...pagedQuery('listProposals', { query: { state: states, limit: 100 } }, 'before', (page) => page.next),
    select: ({ pages }) => pages.flatMap(({ proposals }) => proposals),
  });
  return (
    <AccessPage
      title="Proposals"
      lead="Changes of the configuration that wait for somebody else to look at them, and what became of others."
    >
      <Group>
        <SegmentedControl
          aria-label="Which proposals"
          value={state}
          onChange={(next) =>
            void navigate({ search: { state: next === 'decided' ? 'decided' : undefined } })
          }
          data={[
            { value: 'open', label: 'To do' },
            { value: 'decided', label: 'Decided' },
          ]}
        />
      </Group>
      <QueryView query={query} height={260}>
        {(proposals) =>
          proposals.length === 0 ? (
            <EmptyState
              title={state === 'open' ? 'Nothing waits' : 'Nothing was decided yet'}
              icon={GitPullRequestArrow}
            >
              Edit a policy, or take a suggestion: both end here for somebody else to approve.
            </EmptyState>
          ) : (
            <VirtualList
              label="Proposals"
              columns={columns}
              rows={proposals}
              rowKey={({ id }) => id}
              rowHeight={58}
              height={listHeight(proposals.length)}
              hasMore={query.hasNextPage}
              loadingMore={query.isFetchingNextPage}
              onEndReached={() => void query.fetchNextPage()}
            />
          )
        }
      </QueryView>
    </AccessPage>
  );
}
