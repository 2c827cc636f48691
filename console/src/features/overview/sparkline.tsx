import { Sparkline } from '@mantine/charts';
import '@mantine/charts/styles.css';

/** Loaded behind the page: charts are heavy, and the figures stand beside them. */
export function TrendLine({ values, color }: { values: readonly number[]; color: string }) {
  return (
    <Sparkline
      h={36}
      data={[...values]}
      curveType="monotone"
      color={color}
      fillOpacity={0.18}
      strokeWidth={1.75}
    />
  );
}
