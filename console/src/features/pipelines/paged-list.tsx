import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo } from 'react';
import { ErrorState } from '../../components/error-state.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';

const ROW_HEIGHT = 60;
const HEIGHT = '62vh';
/** A short list is no taller than its rows, which are cards on a phone. */
const ROW_MAX = { wide: 80, phone: 136 };
const HEAD = 34;

/** A list in pages, in its four states. */
export function PagedList<Page, Row>(props: {
  label: string;
  query: UseInfiniteQueryResult<InfiniteData<Page>>;
  rowsOf: (page: Page) => readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  empty: ReactNode;
}) {
  const { label, query, rowsOf, columns, rowKey, empty } = props;
  const { data, error, fetchNextPage, refetch } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => [...rowsOf(page)]) ?? [], [data, rowsOf]);
  const readOn = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  if (data === undefined) {
    return error === null ? (
      <Skeleton height={HEIGHT} radius="md" aria-label="Loading" role="status" />
    ) : (
      <ErrorState error={error} retry={() => void refetch()} />
    );
  }
  if (rows.length === 0) return empty;
  return (
    <VirtualList
      label={label}
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      rowHeight={ROW_HEIGHT}
      height={`min(${HEIGHT}, ${rows.length * ROW_MAX[isPhone ? 'phone' : 'wide'] + HEAD}px)`}
      hasMore={query.hasNextPage}
      loadingMore={query.isFetchingNextPage}
      onEndReached={readOn}
    />
  );
}
