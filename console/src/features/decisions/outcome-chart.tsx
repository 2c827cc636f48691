import type { DecisionCounts } from '#api/decision.ts';
import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { memo } from 'react';
import type { Bucket } from './buckets.ts';

export const SERIES = [
  { name: 'issued', label: 'Issued', color: 'vouch.6' },
  { name: 'allowed', label: 'Allowed', color: 'blue.5' },
  { name: 'failed', label: 'Failed', color: 'orange.5' },
  { name: 'denied', label: 'Denied', color: 'red.6' },
] as const satisfies readonly { name: keyof DecisionCounts['total']; label: string; color: string }[];

/** Recharts says `null` where it knows no bar, which as a number would be the first. */
function bucketAt(buckets: readonly Bucket[], index: unknown): Bucket | undefined {
  const isIndex = typeof index === 'number' || (typeof index === 'string' && /^\d+$/.test(index));
  return isIndex ? buckets[Number(index)] : undefined;
}

/** Decisions by time and outcome; a bar that is chosen narrows the list to its time. */
export const OutcomeChart = memo(function OutcomeChart(props: {
  buckets: readonly Bucket[];
  label: string;
  height: number;
  onChoose: (bucket: Bucket) => void;
}) {
  const { buckets, label, height, onChoose } = props;
  const data = buckets.map((bucket) => ({ ...bucket.outcomes, name: bucket.label }));
  return (
    <div role="img" aria-label={label}>
      <BarChart
        h={height}
        data={data}
        dataKey="name"
        type="stacked"
        series={[...SERIES]}
        gridAxis="x"
        tickLine="none"
        yAxisProps={{ width: 44, allowDecimals: false, tickCount: 3 }}
        xAxisProps={{ minTickGap: 28 }}
        barProps={{ isAnimationActive: false, maxBarSize: 26, cursor: 'pointer' }}
        barChartProps={{
          accessibilityLayer: false,
          onClick: ({ activeTooltipIndex }) => {
            const bucket = bucketAt(buckets, activeTooltipIndex);
            if (bucket !== undefined) onChoose(bucket);
          },
        }}
      />
    </div>
  );
});
