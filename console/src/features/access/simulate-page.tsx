import { Anchor, Button, Group, SegmentedControl, Select, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { DecisionSummary } from '#api/decision.ts';
import type { SimulationRequest } from '#api/subject.ts';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { OutcomeBadge } from '../../components/badges.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';
import { listHeight } from './list-height.ts';
import { AccessPage } from './access-page.tsx';
import classes from './access.module.css';
import { SimulationVerdict } from './simulation-verdict.tsx';

const route = getRouteApi('/shell/access/simulate');

export function SimulatePage() {
  const { decision, resource } = route.useSearch();
  return (
    <AccessPage
      title="Simulate"
      lead="What would be decided, and which facts differ. Nothing is recorded, and no token is used up."
    >
      {decision === undefined ? <Choose /> : <FromDecision decision={decision} resource={resource} />}
    </AccessPage>
  );
}

function Choose() {
  const { by = 'run' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="Whose request"
        value={by}
        onChange={(next) => void navigate({ search: next === 'token' ? { by: 'token' } : {}, replace: true })}
        data={[
          { value: 'run', label: 'Pick a run' },
          { value: 'token', label: 'Paste a token' },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {by === 'token' ? <PasteToken /> : <PickRun />}
    </Stack>
  );
}

const columns: readonly Column<DecisionSummary>[] = [
  {
    key: 'workload',
    header: 'Run',
    width: 'minmax(0, 2fr)',
    render: ({ id, repository, principal, ref, resource }) => (
      <div>
        <Link
          to="/access/simulate"
          search={{ decision: id, ...(resource === null ? {} : { resource }) }}
          className={classes.rowLink ?? ''}
        >
          <span className="breakable">{repository ?? principal}</span>
        </Link>
        <Text fz="xs" c="dimmed" className="breakable">
          {ref ?? 'no ref'}
        </Text>
      </div>
    ),
  },
  {
    key: 'resource',
    header: 'Resource',
    width: 'minmax(0, 1fr)',
    render: ({ resource }) => <span className="breakable">{resource ?? '–'}</span>,
  },
  { key: 'outcome', header: 'Outcome', width: '7rem', render: (row) => <OutcomeBadge {...row} /> },
  {
    key: 'time',
    header: 'When',
    width: '8rem',
    hideOnPhone: true,
    render: ({ time }) => <TimeAgo moment={time} />,
  },
];

function PickRun() {
  const [text, setText] = useState<string | undefined>();
  const query = useQuery(operationQuery('listDecisions', { query: { limit: 100, text } }));
  return (
    <Stack gap="sm">
      <SearchField
        label="Search runs"
        value={text}
        onChange={setText}
        placeholder="Repository, resource, ref…"
      />
      <QueryView query={query} height={420}>
        {({ decisions }) =>
          decisions.length === 0 ? (
            <EmptyState title="No recorded run fits">Paste a token of a job instead.</EmptyState>
          ) : (
            <VirtualList
              label="Recorded runs"
              columns={columns}
              rows={decisions}
              rowKey={({ id }) => id}
              rowHeight={56}
              height={listHeight(decisions.length)}
            />
          )
        }
      </QueryView>
    </Stack>
  );
}

function useResourceNames(): string[] {
  const query = useQuery(operationQuery('listResources', {}));
  return query.data?.resources.map(({ name }) => name) ?? [];
}

function PasteToken() {
  const names = useResourceNames();
  const [token, setToken] = useState('');
  const [resource, setResource] = useState<string | null>(null);
  const simulate = useMutation({
    mutationFn: (body: SimulationRequest) => call('simulateDecision', { body }),
  });
  return (
    <Stack>
      <Panel title="A token of a job" note="It is verified and not used up, and it is not kept.">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (resource !== null) simulate.mutate({ token: token.trim(), resource });
          }}
        >
          <Stack gap="sm">
            <Textarea
              label="Token"
              required
              autosize
              minRows={3}
              maxRows={8}
              maxLength={65_536}
              autoComplete="off"
              spellCheck={false}
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              classNames={{ input: 'mono' }}
            />
            <Select
              label="Asks for"
              required
              searchable
              data={names}
              value={resource}
              onChange={setResource}
              maw={360}
            />
            <Group>
              <Button
                type="submit"
                loading={simulate.isPending}
                disabled={token.trim() === '' || resource === null}
              >
                Simulate
              </Button>
            </Group>
          </Stack>
        </form>
      </Panel>
      {simulate.error === null ? null : <ErrorState error={simulate.error} />}
      {simulate.data === undefined ? null : <SimulationVerdict result={simulate.data} />}
    </Stack>
  );
}

function FromDecision({ decision, resource }: { decision: string; resource: string | undefined }) {
  const names = useResourceNames();
  const navigate = route.useNavigate();
  const body = { decision, ...(resource === undefined ? {} : { resource }) };
  const query = useQuery(operationQuery('simulateDecision', { body }));
  return (
    <Stack>
      <Group align="flex-end" justify="space-between">
        <Select
          label="Asks for"
          searchable
          data={names}
          value={resource ?? query.data?.resource ?? null}
          onChange={(next) =>
            void navigate({ search: { decision, resource: next ?? undefined }, replace: true })
          }
          w={{ base: '100%', xs: 320 }}
        />
        <Anchor renderRoot={(root) => <Link {...root} to="/access/simulate" />} fz="sm">
          Pick another run
        </Anchor>
      </Group>
      <QueryView query={query} height={420}>
        {(result) => <SimulationVerdict result={result} />}
      </QueryView>
    </Stack>
  );
}
