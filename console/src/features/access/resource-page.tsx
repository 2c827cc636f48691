import { Anchor, Group, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ResourceDetail } from '#api/access-use.ts';
import type { Lease } from '#api/lease.ts';
import { call } from '../../api/client.ts';
import { operationQuery, pagedQuery } from '../../api/queries.ts';
import { StateBadge } from '../../components/badges.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';
import { useMay } from '../../session/me.ts';
import { listHeight } from './list-height.ts';
import { FreezeBanner } from './freeze-banner.tsx';
import { FreezeButton } from './freeze-button.tsx';
import { ResourceMarks, UseCell } from './use-cells.tsx';
import { WorkloadTable } from './workload-table.tsx';

const route = getRouteApi('/shell/access/resources/$name');

export function ResourcePage() {
  const { name } = route.useParams();
  const query = useQuery(operationQuery('getResource', { params: { name } }));
  return (
    <Page
      title={name}
      lead="Who may have it, who had it, and what is live now."
      crumbs={[{ label: 'Access', link: { to: '/access' } }]}
      actions={
        query.data?.frozen === null ? (
          <FreezeButton target={{ kind: 'resource', name }} what={name} />
        ) : undefined
      }
    >
      <FreezeBanner />
      <QueryView query={query} height={520}>
        {(resource) => <Resource resource={resource} />}
      </QueryView>
      <LiveLeases resource={name} />
    </Page>
  );
}

function Resource({ resource }: { resource: ResourceDetail }) {
  const { name, ttlSeconds, ttlSecondsMax, policies, usedBy, tags } = resource;
  return (
    <>
      <Panel title="What it is" actions={<ResourceMarks {...resource} />}>
        <KeyValues
          items={[
            ['Credential', `${resource.credentialType} from ${resource.credentialProvider}`],
            [
              'Lifetime',
              ttlSeconds === ttlSecondsMax
                ? minutes(ttlSeconds)
                : `${minutes(ttlSeconds)}, renewed at most to ${minutes(ttlSecondsMax)}`,
            ],
            ['Holder', resource.proofRequired ? 'must prove a key (DPoP)' : 'may be a bearer'],
            [
              'Tags',
              Object.entries(tags)
                .map(([key, value]) => `${key}: ${value}`)
                .join(', ') || undefined,
            ],
            ['Use in 30 days', <UseCell key="use" use={resource.use} />],
            [
              'Policies',
              policies.length === 0 ? 'none, so nobody gets it' : <Policies key="p" ids={policies} />,
            ],
          ]}
        />
      </Panel>
      <Panel title="Who asked for it" note="In the last 30 days; “today” is what the policies in force say.">
        {usedBy.length === 0 ? (
          <EmptyState title="Nobody asked in 30 days">
            If that stays so, take it and its policies away: what nobody uses, nobody watches.
          </EmptyState>
        ) : (
          <WorkloadTable label={`Workloads that asked for ${name}`} uses={usedBy} />
        )}
      </Panel>
    </>
  );
}

function minutes(seconds: number): string {
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3_600).toFixed(1))} h`;
}

function Policies({ ids }: { ids: readonly string[] }) {
  return (
    <Group gap={8}>
      {ids.slice(0, 20).map((id) => (
        <Anchor
          key={id}
          renderRoot={(root) => <Link {...root} to="/access/policies" search={{ policy: id }} />}
          fz="sm"
        >
          {id}
        </Anchor>
      ))}
      {ids.length > 20 ? <Text fz="sm">and {ids.length - 20} more</Text> : null}
    </Group>
  );
}

function LiveLeases({ resource }: { resource: string }) {
  const query = useInfiniteQuery({
    ...pagedQuery(
      'listLeases',
      { query: { resource, state: ['pending', 'active', 'revoking'], limit: 100 } },
      'before',
      (page) => page.next,
    ),
    select: ({ pages }) => pages.flatMap(({ leases }) => leases),
  });
  const columns = leaseColumns(useMay('manageLeases'));
  return (
    <Panel title="Live now" note="Each lease is one credential that is out there.">
      <QueryView query={query} height={120}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No live credentials" />
          ) : (
            <VirtualList
              label={`Live leases of ${resource}`}
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
              height={listHeight(rows.length)}
              hasMore={query.hasNextPage}
              loadingMore={query.isFetchingNextPage}
              onEndReached={() => void query.fetchNextPage()}
            />
          )
        }
      </QueryView>
    </Panel>
  );
}

function leaseColumns(mayEnd: boolean): Column<Lease>[] {
  return [
    {
      key: 'workload',
      header: 'Workload',
      width: 'minmax(0, 2fr)',
      render: ({ workload }) => <span className="breakable">{workload}</span>,
    },
    {
      key: 'state',
      header: 'State',
      width: '8rem',
      render: ({ state }) =>
        state === 'active' ? (
          <StateBadge state="good" label="Active" />
        ) : (
          <StateBadge state="attention" label={state} />
        ),
    },
    {
      key: 'since',
      header: 'Since',
      width: '8rem',
      hideOnPhone: true,
      render: (lease) => <TimeAgo moment={lease.createdAt} />,
    },
    { key: 'until', header: 'Ends', width: '8rem', render: (lease) => <TimeAgo moment={lease.expiresAt} /> },
    ...(mayEnd
      ? [
          {
            key: 'end',
            header: 'Stop',
            width: '5.5rem',
            align: 'end' as const,
            render: (lease: Lease) => <EndLease lease={lease} />,
          },
        ]
      : []),
  ];
}

function EndLease({ lease }: { lease: Lease }) {
  const client = useQueryClient();
  return (
    <ConfirmButton
      label="End"
      size="compact-sm"
      variant="default"
      title="End this credential now?"
      confirm="End it"
      onConfirm={async () => {
        await call('revokeLease', { params: { id: lease.id } });
        await client.invalidateQueries({ queryKey: ['listLeases'] });
      }}
    >
      <Text fz="sm" className="breakable">
        {lease.workload} loses its credential for {lease.resource}
        {lease.revocable ? '.' : '; this kind cannot be taken back, it ends by itself.'}
      </Text>
    </ConfirmButton>
  );
}
