import { Button, Drawer, Group, SegmentedControl, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ListFilter, SearchX, ShieldCheck, Upload } from 'lucide-react';
import { useMemo } from 'react';
import { operationQuery, pagedQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useMay } from '../../session/me.ts';
import { BulkBar } from './bulk-bar.tsx';
import { FindingFacets } from './facets.tsx';
import { countFilters, type FindingSearch, filterQuery, isFiltered, orderOf } from './filter.ts';
import { FindingList, type ListedFinding } from './finding-list.tsx';
import classes from './list-page.module.css';
import { SavedFilters } from './saved-filters.tsx';
import { useSelection } from './use-selection.ts';
import { keysOf, orderWords } from './words.ts';

const PAGE_ROWS = 100;
const CLUSTER_ROWS = 50;
const route = getRouteApi('/shell/findings');

/** Findings one by one, or those that mean the same in one entry. */
function useListed(search: FindingSearch) {
  const together = search.together === true;
  const query = { ...filterQuery(search), sort: orderOf(search) };
  const single = useInfiniteQuery({
    ...pagedQuery('listFindings', { query: { ...query, limit: PAGE_ROWS } }, 'after', ({ next }) => next),
    enabled: !together,
    placeholderData: keepPreviousData,
  });
  const clusters = useInfiniteQuery({
    ...pagedQuery(
      'listFindingClusters',
      { query: { ...query, limit: CLUSTER_ROWS } },
      'after',
      ({ next }) => next,
    ),
    enabled: together,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo((): readonly ListedFinding[] | undefined => {
    if (together) {
      return clusters.data?.pages.flatMap(({ clusters: page }) =>
        page.map(({ first, others }) => ({ finding: first, others })),
      );
    }
    return single.data?.pages.flatMap(({ findings }) => findings.map((finding) => ({ finding, others: [] })));
  }, [together, clusters.data, single.data]);
  const { error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = together
    ? clusters
    : single;
  return { rows, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData };
}

function NothingFound({ search }: { search: FindingSearch }) {
  const mayUpload = useMay('upload');
  if (isFiltered(search)) {
    return (
      <EmptyState title="No finding is like that" icon={SearchX}>
        Take a filter away, or look among those that are settled.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing is open"
      icon={ShieldCheck}
      action={
        mayUpload ? (
          <Button renderRoot={(root) => <Link {...root} to="/findings/import" />} variant="default">
            Bring in a report
          </Button>
        ) : undefined
      }
    >
      Findings come from inspected pipelines and from the reports of your security tools.
    </EmptyState>
  );
}

function Toolbar({ search, onFilters }: { search: FindingSearch; onFilters: () => void }) {
  const navigate = useNavigate();
  const change = (changes: Partial<FindingSearch>) =>
    void navigate({ to: '/findings', search: { ...search, ...changes }, replace: true });
  const filters = countFilters(search);
  return (
    <Group gap="xs">
      <SearchField
        label="Search findings"
        placeholder="Title, rule, file, package, CVE"
        value={search.q}
        onChange={(q) => change({ q })}
      />
      <Button
        hiddenFrom="md"
        variant="default"
        leftSection={<ListFilter size={16} aria-hidden />}
        onClick={onFilters}
      >
        {filters === 0 ? 'Filters' : `Filters (${filters})`}
      </Button>
      <Select
        aria-label="Order"
        data={keysOf(orderWords).map((value) => ({ value, label: orderWords[value] }))}
        value={orderOf(search)}
        onChange={(value) => change({ sort: keysOf(orderWords).find((each) => each === value) })}
        allowDeselect={false}
        w={180}
      />
      <SegmentedControl
        aria-label="What means the same"
        data={[
          { value: 'apart', label: 'One by one' },
          { value: 'together', label: 'Same together' },
        ]}
        value={search.together === true ? 'together' : 'apart'}
        onChange={(value) => change({ together: value === 'together' ? true : undefined })}
      />
    </Group>
  );
}

function Actions({ search, mayUpload }: { search: FindingSearch; mayUpload: boolean }) {
  return (
    <>
      <SavedFilters search={search} />
      <Button variant="default" renderRoot={(root) => <Link {...root} to="/findings/reports" />}>
        Reports
      </Button>
      <Button variant="default" renderRoot={(root) => <Link {...root} to="/findings/rules" />}>
        Rules
      </Button>
      {mayUpload ? (
        <Button
          leftSection={<Upload size={16} aria-hidden />}
          renderRoot={(root) => (
            <Link {...root} to="/findings/import" search={{ repository: search.repository }} />
          )}
        >
          Import
        </Button>
      ) : null}
    </>
  );
}

export function FindingsPage() {
  const search = route.useSearch();
  const [opened, { open, close }] = useDisclosure(false);
  const mayTriage = useMay('triage');
  const mayUpload = useMay('upload');
  const facets = useQuery({
    ...operationQuery('countFindingFacets', { query: filterQuery(search) }),
    placeholderData: keepPreviousData,
  });
  const list = useListed(search);
  const ids = useMemo(() => list.rows?.map(({ finding }) => finding.id) ?? [], [list.rows]);
  const selection = useSelection(ids);
  const total = facets.data?.total;
  return (
    <Page
      title="Findings"
      lead={
        total === undefined
          ? 'What all tools found, in one list.'
          : `${total.toLocaleString('en')} ${total === 1 ? 'finding' : 'findings'} from all tools, in one list.`
      }
      actions={<Actions search={search} mayUpload={mayUpload} />}
    >
      <div className={classes.layout}>
        <aside className={classes.side} aria-label="Filters">
          <FindingFacets search={search} facets={facets.data?.facets} />
        </aside>
        <Stack gap="sm" miw={0}>
          <Toolbar search={search} onFilters={open} />
          {facets.error === null ? null : <ErrorState error={facets.error} />}
          {list.rows !== undefined ? (
            list.rows.length === 0 ? (
              <NothingFound search={search} />
            ) : (
              <FindingList
                rows={list.rows}
                selection={mayTriage ? selection : undefined}
                hasMore={list.hasNextPage}
                loadingMore={list.isFetchingNextPage}
                onEndReached={() => void list.fetchNextPage()}
              />
            )
          ) : list.error !== null ? (
            <ErrorState error={list.error} retry={() => void list.refetch()} />
          ) : (
            <Skeleton className={classes.loading ?? ''} radius="md" aria-label="Loading findings" />
          )}
          {mayTriage ? <BulkBar ids={selection.ids} onClear={selection.clear} /> : null}
          <Text fz="xs" c="dimmed" visibleFrom="md">
            Keys in the list: J and K go from row to row, Enter opens
            {mayTriage ? ', X chooses, Shift+X chooses up to here' : ''}.
          </Text>
        </Stack>
      </div>
      <Drawer opened={opened} onClose={close} title="Filters" size="sm">
        <FindingFacets search={search} facets={facets.data?.facets} />
      </Drawer>
    </Page>
  );
}
