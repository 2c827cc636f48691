import type { Coverage } from '#api/overview.ts';
import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';

/** Credentials that were handed out, day by day. */
export function CoverageChart({ trend }: { trend: Coverage['trend'] }) {
  return (
    <BarChart
      h={150}
      data={trend.map(({ day, secretless, stored }) => ({ day: day.slice(5), secretless, stored }))}
      dataKey="day"
      type="stacked"
      series={[
        { name: 'secretless', label: 'Without a stored secret', color: 'vouch.6' },
        { name: 'stored', label: 'Stored secret', color: 'orange.6' },
      ]}
      tickLine="none"
      gridAxis="y"
      yAxisProps={{ width: 34, allowDecimals: false }}
      xAxisProps={{ interval: 'preserveStartEnd', minTickGap: 30 }}
      barProps={{ isAnimationActive: false }}
    />
  );
}
