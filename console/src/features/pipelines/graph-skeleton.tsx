import { Skeleton } from '@mantine/core';

/** Stands where a graph will be, as large as it. */
export function GraphSkeleton({ height }: { height: number | string }) {
  return <Skeleton height={height} radius="md" aria-label="Loading the graph" role="status" />;
}
