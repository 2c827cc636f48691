import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { PolicyItem } from '#api/access-use.ts';
import { Ban, Check, FilePen, Plus, ScrollText } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';
import { listHeight } from './list-height.ts';
import { useMayEverywhere } from './access-rights.ts';
import { AccessPage } from './access-page.tsx';
import classes from './access.module.css';
import { LastUsed, UseCell } from './use-cells.tsx';
import { WorkloadTable } from './workload-table.tsx';

const route = getRouteApi('/shell/access/policies');

function EffectBadge({ effect }: Pick<PolicyItem, 'effect'>) {
  return effect === 'permit' ? (
    <Badge color="vouch" leftSection={<Check size={12} aria-hidden />}>
      Permit
    </Badge>
  ) : (
    <Badge color="red" leftSection={<Ban size={12} aria-hidden />}>
      Forbid
    </Badge>
  );
}

const columns: readonly Column<PolicyItem>[] = [
  {
    key: 'id',
    header: 'Policy',
    width: 'minmax(0, 2fr)',
    render: ({ id }) => (
      <Link
        to="/access/policies"
        search={(search) => ({ ...search, policy: id })}
        className={classes.rowLink ?? ''}
        resetScroll={false}
      >
        <span className="breakable">{id}</span>
      </Link>
    ),
  },
  { key: 'effect', header: 'Effect', width: '7rem', render: (policy) => <EffectBadge {...policy} /> },
  {
    key: 'resource',
    header: 'Resource',
    width: 'minmax(0, 1.2fr)',
    hideOnPhone: true,
    render: ({ resource }) => <span className="breakable">{resource ?? 'any'}</span>,
  },
  {
    key: 'use',
    header: 'Applied in 30 days',
    width: 'minmax(0, 1.4fr)',
    render: ({ use }) => <UseCell use={use} />,
  },
  {
    key: 'last',
    header: 'Last',
    width: 'minmax(0, 1fr)',
    hideOnPhone: true,
    render: ({ use }) => <LastUsed use={use} />,
  },
  {
    key: 'by',
    header: 'Used by',
    width: '5.5rem',
    align: 'end',
    hideOnPhone: true,
    render: ({ usedByTotal }) => <span className="numeric">{usedByTotal}</span>,
  },
];

export function PoliciesPage() {
  const { q, policy } = route.useSearch();
  const navigate = route.useNavigate();
  const seesAll = useMayEverywhere('view');
  const query = useQuery(operationQuery('listPolicies', {}));
  return (
    <AccessPage
      title="Policies"
      lead="Nothing is allowed unless a permit matches, and a forbid wins. What is here is in force."
      actions={
        seesAll ? (
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<FilePen size={16} aria-hidden />}
              renderRoot={(root) => <Link {...root} to="/access/policies/edit" />}
            >
              Edit files
            </Button>
            <Button
              leftSection={<Plus size={16} aria-hidden />}
              renderRoot={(root) => <Link {...root} to="/access/policies/edit" search={{ mode: 'form' }} />}
            >
              New policy
            </Button>
          </Group>
        ) : undefined
      }
    >
      <SearchField
        label="Search policies"
        value={q}
        onChange={(next) => void navigate({ search: (search) => ({ ...search, q: next }), replace: true })}
      />
      <QueryView query={query} height={420}>
        {({ policies }) => <Policies policies={policies} q={q} selected={policy} />}
      </QueryView>
    </AccessPage>
  );
}

function Policies(props: {
  policies: readonly PolicyItem[];
  q: string | undefined;
  selected: string | undefined;
}) {
  const { policies, q = '', selected } = props;
  if (policies.length === 0) {
    return (
      <EmptyState title="No policies yet, so nobody gets anything" icon={ScrollText}>
        Write the first one with the form, or let a job ask once and take what is suggested.
      </EmptyState>
    );
  }
  const words = q.toLowerCase();
  const rows = policies.filter(({ id, file, resource }) =>
    `${id} ${file} ${resource ?? ''}`.toLowerCase().includes(words),
  );
  const chosen = policies.find(({ id }) => id === selected);
  return (
    <Stack>
      {chosen === undefined ? null : <PolicyPanel policy={chosen} />}
      {rows.length === 0 ? (
        <EmptyState title="No policy has that in its name" />
      ) : (
        <VirtualList
          label="Policies"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          height={listHeight(rows.length)}
        />
      )}
    </Stack>
  );
}

function PolicyPanel({ policy }: { policy: PolicyItem }) {
  const { id, file, line, lastLine, resource, annotations, use, usedBy, usedByTotal } = policy;
  const seesAll = useMayEverywhere('view');
  const notes = Object.entries(annotations).filter(([name]) => name !== 'id');
  return (
    <Panel
      title={
        <Group gap={8} component="span">
          {id} <EffectBadge {...policy} />
        </Group>
      }
      actions={
        <Anchor
          renderRoot={(root) => (
            <Link {...root} to="/access/policies" search={(search) => ({ ...search, policy: undefined })} />
          )}
          fz="sm"
        >
          Close
        </Anchor>
      }
    >
      <KeyValues
        items={[
          [
            'Stands in',
            seesAll ? (
              <Anchor
                key="file"
                renderRoot={(root) => <Link {...root} to="/access/policies/edit" search={{ file, line }} />}
                fz="sm"
              >
                {file}:{line}–{lastLine}
              </Anchor>
            ) : (
              `${file}:${line}–${lastLine}`
            ),
          ],
          ['Resource', resource ?? 'any'],
          ['Applied', <UseCell key="use" use={use} />],
          ...notes.map(([name, value]) => [`@${name}`, value] as const),
        ]}
      />
      {usedBy.length === 0 ? (
        <Text fz="sm" c="dimmed">
          It applied to no recorded run of the last 30 days.
        </Text>
      ) : (
        <WorkloadTable label={`Runs that ${id} applies to`} uses={usedBy} withResource />
      )}
      {usedByTotal > usedBy.length ? (
        <Text fz="sm" c="dimmed">
          The {usedBy.length} most frequent of {usedByTotal}.
        </Text>
      ) : null}
    </Panel>
  );
}
