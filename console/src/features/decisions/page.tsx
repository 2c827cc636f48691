import type { DecisionPage, DecisionSummary } from '#api/decision.ts';
import { Alert, Button, Group, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Hourglass, Pause, Play, Radio } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { pagedQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Page } from '../../components/page.tsx';
import { useNow } from '../../components/use-now.ts';
import { VirtualList } from '../../components/virtual-list.tsx';
import type { Bucket } from './buckets.ts';
import { DECISION_COLUMNS } from './decision-rows.tsx';
import { FilterBar } from './filter-bar.tsx';
import { Histogram } from './histogram.tsx';
import { type DecisionSearch, queryOf, spanOf } from './search.ts';
import { type LiveState, useLiveDecisions } from './use-live-decisions.ts';

const route = getRouteApi('/shell/decisions');
const PAGE = 100;
/** Events that the index may be behind before it is worth a word. */
const BEHIND_MAX = 2_000;
const ROW_HEIGHT = 56;
const LIST_HEIGHT = '58vh';
const HOUR_MS = 3_600_000;

const LIVE_TEXT: Readonly<Record<LiveState, string>> = {
  live: 'Live',
  waiting: 'Connecting…',
  interrupted: 'Interrupted, trying again',
  off: 'Paused',
};

const NONE: ReadonlyMap<string, DecisionSummary> = new Map();

/** News first, and nothing twice: what is known anew replaces what a page said. */
function mergeRows(
  pages: readonly DecisionSummary[],
  news: ReadonlyMap<string, DecisionSummary>,
): DecisionSummary[] {
  if (news.size === 0) return [...pages];
  const known = new Set(pages.map(({ id }) => id));
  const fresh = [...news.values()].filter(({ id }) => !known.has(id));
  fresh.sort((one, other) => Date.parse(other.time) - Date.parse(one.time) || other.sequence - one.sequence);
  return [...fresh, ...pages.map((row) => news.get(row.id) ?? row)];
}

/** Who asked for what, and what was decided: as it happens, and as it happened. */
export function DecisionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const nowMs = useNow();
  const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const span = useMemo(() => spanOf(search, hourMs), [search, hourMs]);
  const query = useMemo(() => queryOf(search, span), [search, span]);
  const list = useInfiniteQuery({
    ...pagedQuery('listDecisions', { query: { ...query, limit: PAGE } }, 'before', (page) => page.next),
    // What is new comes as news; a list that is paused must stand still.
    refetchOnWindowFocus: false,
  });
  const pages = useMemo(() => list.data?.pages.flatMap(({ decisions }) => decisions) ?? [], [list.data]);
  const isOpen = span.to === undefined;
  const live = useLiveDecisions(
    query,
    list.data?.pages[0]?.indexed_through,
    isOpen && search.paused !== true,
  );
  // While paused the news that were there stay, and no new ones come.
  const [held, setHeld] = useState(live.news);
  if (live.state !== 'off' && held !== live.news) setHeld(live.news);
  const rows = useMemo(() => mergeRows(pages, isOpen ? held : NONE), [pages, held, isOpen]);
  const change = useCallback(
    (edit: DecisionSearch) =>
      void navigate({ search: (current) => ({ ...current, ...edit }), replace: true }),
    [navigate],
  );
  const narrow = useCallback(
    ({ startMs, endMs }: Bucket) =>
      change({ from: new Date(startMs).toISOString(), to: new Date(endMs).toISOString() }),
    [change],
  );
  const { fetchNextPage } = list;
  const readOn = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return (
    <Page
      title="Decisions"
      lead="Who asked for what, and what was decided: as it happens, and as it happened."
      actions={
        isOpen ? (
          <LiveButton
            state={live.state}
            onToggle={() => change({ paused: search.paused ? undefined : true })}
          />
        ) : undefined
      }
    >
      <FilterBar search={search} span={span} onChange={change} />
      <Histogram query={query} span={span} nowMs={hourMs + HOUR_MS} onChoose={narrow} />
      <CatchingUp page={list.data?.pages[0]} />
      {list.error !== null && list.data === undefined ? (
        <ErrorState error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Skeleton height={LIST_HEIGHT} radius="md" aria-label="Loading" role="status" />
      ) : rows.length === 0 ? (
        <NothingFound search={search} onSearch={(next) => void navigate({ search: next })} />
      ) : (
        <VirtualList
          label="Decisions"
          columns={DECISION_COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
          rowHeight={ROW_HEIGHT}
          height={LIST_HEIGHT}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onEndReached={readOn}
        />
      )}
    </Page>
  );
}

/** After an upgrade, or a storm: the list is honest about what it does not show yet. */
function CatchingUp({ page }: { page: DecisionPage | undefined }) {
  const behind = page === undefined ? 0 : page.recorded_through - page.indexed_through;
  if (behind < BEHIND_MAX) return null;
  return (
    <Alert
      color="yellow"
      icon={<Hourglass aria-hidden />}
      title="The newest decisions are still being taken in"
    >
      {new Intl.NumberFormat('en').format(behind)} events of the record are not searchable yet. They appear by
      themselves.
    </Alert>
  );
}

function LiveButton({ state, onToggle }: { state: LiveState; onToggle: () => void }) {
  const paused = state === 'off';
  return (
    <Group gap="sm">
      <Group gap={6} role="status">
        <Radio
          size={16}
          aria-hidden
          color={state === 'live' ? 'var(--mantine-primary-color-filled)' : 'gray'}
        />
        <Text fz="sm" c="dimmed">
          {LIVE_TEXT[state]}
        </Text>
      </Group>
      <Button
        variant="default"
        leftSection={paused ? <Play size={16} aria-hidden /> : <Pause size={16} aria-hidden />}
        onClick={onToggle}
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
    </Group>
  );
}

function NothingFound({
  search,
  onSearch,
}: {
  search: DecisionSearch;
  onSearch: (search: DecisionSearch) => void;
}) {
  const { range, paused: _paused, ...filters } = search;
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  if (isFiltered) {
    return (
      <EmptyState
        title="No decision fits these filters"
        action={
          <Button variant="default" onClick={() => onSearch({ range })}>
            Clear the filters
          </Button>
        }
      >
        Take one of them away, or look at a longer time.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={range === 'all' ? 'Nothing was decided yet' : 'No decision in this time'}
      action={
        range === 'all' ? undefined : (
          <Button variant="default" onClick={() => onSearch({ range: 'all' })}>
            Look at all time
          </Button>
        )
      }
    >
      A decision is made each time that a job asks for a credential. Connect a pipeline, and it shows here
      within a second.
    </EmptyState>
  );
}
