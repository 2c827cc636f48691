import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';

/** One query in its three states. `height` is that of the finished content, so that nothing moves (pixels). */
export function QueryView<Data>(props: {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  height?: number;
  children: (data: Data) => ReactNode;
}) {
  const { query, height = 160, children } = props;
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return <Skeleton height={height} radius="md" aria-label="Loading" aria-busy role="status" />;
}
