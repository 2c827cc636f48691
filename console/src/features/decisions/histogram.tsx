import { Group, Select, Skeleton, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, memo, Suspense, useMemo } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { type Bucket, fillBuckets, unitFor } from './buckets.ts';
import { OUTCOMES, type queryOf, type Span } from './search.ts';

const OutcomeChart = lazy(async () => {
  const { OutcomeChart: component } = await import('./outcome-chart.tsx');
  return { default: component };
});

const HEIGHT = 150;
const REFRESH_MS = 30_000;
const NUMBER = new Intl.NumberFormat('en');
const WORDS = {
  issued: 'issued',
  allowed: 'waiting for the back-end',
  failed: 'failed',
  denied: 'denied',
} as const;

/** How many, and when: the same filters as the list. */
export function Histogram(props: {
  query: ReturnType<typeof queryOf>;
  span: Span;
  nowMs: number;
  onChoose: (bucket: Bucket) => void;
}) {
  const { query, span, nowMs, onChoose } = props;
  const fromMs = span.from === undefined ? undefined : Date.parse(span.from);
  const toMs = span.to === undefined ? nowMs : Date.parse(span.to);
  const by = unitFor(fromMs, toMs);
  const counts = useQuery({
    ...operationQuery('countDecisions', { query: { ...query, by } }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  const { data } = counts;
  // The same array as long as the same is shown: a chart is dear to draw, and a click must not wait for it.
  const buckets = useMemo(
    () => (data === undefined ? [] : fillBuckets(data.counts, by, fromMs, toMs)),
    [data, by, fromMs, toMs],
  );
  if (data === undefined && counts.error !== null)
    return <ErrorState error={counts.error} retry={() => void counts.refetch()} />;
  const total = data?.total;
  const all = total === undefined ? 0 : OUTCOMES.reduce((sum, outcome) => sum + total[outcome], 0);
  const shown = total === undefined ? [] : OUTCOMES.filter((outcome) => total[outcome] > 0);
  const parts = shown.map((outcome) => `${NUMBER.format(total?.[outcome] ?? 0)} ${WORDS[outcome]}`);
  const summary = `${NUMBER.format(all)} ${all === 1 ? 'decision' : 'decisions'}`;
  const blank = <Skeleton height={HEIGHT} radius="sm" aria-label="Loading" role="status" />;
  return (
    <Panel p="sm">
      <Group justify="space-between" gap="xs" mih={30}>
        <Group gap="md">
          <Text fw={600} className="numeric">
            {total === undefined ? 'Counting…' : summary}
          </Text>
          <Text c="dimmed" fz="sm" className="numeric">
            {parts.join(' · ')}
          </Text>
        </Group>
        <BucketSelect buckets={buckets} unit={by} onChoose={onChoose} />
      </Group>
      <div style={{ height: HEIGHT }}>
        {data === undefined ? (
          blank
        ) : (
          <Suspense fallback={blank}>
            <OutcomeChart
              buckets={buckets}
              label={`${summary} by ${by}: ${parts.join(', ')}`}
              height={HEIGHT}
              onChoose={onChoose}
            />
          </Suspense>
        )}
      </div>
    </Panel>
  );
}

/** The same as a click on a bar, for those who do not use a mouse. */
const BucketSelect = memo(function BucketSelect(props: {
  buckets: readonly Bucket[];
  unit: 'hour' | 'day';
  onChoose: (bucket: Bucket) => void;
}) {
  const { buckets, unit, onChoose } = props;
  const filled = buckets.filter(({ outcomes }) => OUTCOMES.some((outcome) => outcomes[outcome] > 0));
  return (
    <Select
      size="xs"
      w={170}
      aria-label={`Narrow to one ${unit}`}
      placeholder={`Narrow to one ${unit}`}
      data={filled.map(({ startMs, label }) => ({ value: String(startMs), label })).toReversed()}
      value={null}
      onChange={(value) => {
        const bucket = filled.find(({ startMs }) => String(startMs) === value);
        if (bucket !== undefined) onChoose(bucket);
      }}
      disabled={filled.length === 0}
      searchable
    />
  );
});
