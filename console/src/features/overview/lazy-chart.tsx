import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';

/** Keeps the place of a chart until it is there, so that nothing moves (pixels). */
export function ChartPlace({ height, children }: { height: number; children: ReactNode }) {
  return (
    // The figures stand beside it as text: neither keys nor screen readers stop here.
    <div style={{ height }} inert>
      <Suspense fallback={null}>{children}</Suspense>
    </div>
  );
}

export const TrendLine = lazy(async () => {
  const { TrendLine: component } = await import('./sparkline.tsx');
  return { default: component as ComponentType<{ values: readonly number[]; color: string }> };
});

export const CoverageChart = lazy(async () => {
  const { CoverageChart: component } = await import('./coverage-chart.tsx');
  return { default: component };
});
