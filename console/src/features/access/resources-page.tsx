import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ResourceItem } from '#api/access-use.ts';
import { Database } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';
import { listHeight } from './list-height.ts';
import { AccessPage } from './access-page.tsx';
import classes from './access.module.css';
import { FreezeButton } from './freeze-button.tsx';
import { LastUsed, ResourceMarks, UseCell } from './use-cells.tsx';

const route = getRouteApi('/shell/access');

const columns: readonly Column<ResourceItem>[] = [
  {
    key: 'name',
    header: 'Resource',
    width: 'minmax(0, 2.2fr)',
    render: (resource) => (
      <Group gap={8}>
        <Link to="/access/resources/$name" params={{ name: resource.name }} className={classes.rowLink ?? ''}>
          <span className="breakable">{resource.name}</span>
        </Link>
        <ResourceMarks {...resource} />
      </Group>
    ),
  },
  {
    key: 'kind',
    header: 'Credential',
    width: 'minmax(0, 1.1fr)',
    hideOnPhone: true,
    render: ({ credentialType }) => (
      <Text span fz="sm" c="dimmed" className="breakable">
        {credentialType}
      </Text>
    ),
  },
  {
    key: 'policies',
    header: 'Permits',
    width: '5.5rem',
    hideOnPhone: true,
    align: 'end',
    render: ({ permits }) => (permits === 0 ? 'none' : <span className="numeric">{permits}</span>),
  },
  {
    key: 'use',
    header: 'Use in 30 days',
    width: 'minmax(0, 1.5fr)',
    render: ({ use }) => <UseCell use={use} />,
  },
  {
    key: 'last',
    header: 'Last used',
    width: 'minmax(0, 1fr)',
    hideOnPhone: true,
    render: ({ use }) => <LastUsed use={use} />,
  },
  {
    key: 'live',
    header: 'Live now',
    width: '5.5rem',
    align: 'end',
    render: ({ liveLeases }) => (
      <span className="numeric">
        {liveLeases === null
          ? 'not known'
          : liveLeases === 0
            ? 'none'
            : `${liveLeases.toLocaleString('en')} live`}
      </span>
    ),
  },
];

export function ResourcesPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(operationQuery('listResources', {}));
  return (
    <AccessPage
      title="Access"
      lead="What jobs can reach, who may, and who did. Each resource is one entry of vouchgate.yaml."
      actions={
        <FreezeButton
          target={{ kind: 'everything' }}
          what="all access of all workloads"
          label="Freeze everything"
        />
      }
    >
      <Group>
        <SearchField
          label="Search resources"
          value={q}
          onChange={(next) => void navigate({ search: { q: next }, replace: true })}
        />
      </Group>
      <QueryView query={query} height={360}>
        {({ resources }) => <Resources resources={resources} q={q} />}
      </QueryView>
    </AccessPage>
  );
}

function Resources({ resources, q }: { resources: readonly ResourceItem[]; q: string | undefined }) {
  if (resources.length === 0) {
    return (
      <EmptyState title="No resources yet" icon={Database}>
        Name what jobs may ask for under `resources` in vouchgate.yaml, then write a policy for it.
      </EmptyState>
    );
  }
  const words = (q ?? '').toLowerCase();
  const rows = resources.filter(({ name, credentialType }) =>
    `${name} ${credentialType}`.toLowerCase().includes(words),
  );
  if (rows.length === 0) return <EmptyState title="No resource has that in its name" />;
  return (
    <VirtualList
      label="Resources"
      columns={columns}
      rows={rows}
      rowKey={({ name }) => name}
      height={listHeight(rows.length)}
    />
  );
}
