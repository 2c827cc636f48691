import type { FindingSummary } from '#api/finding.ts';
import { Progress, Stack, Text } from '@mantine/core';
import { formatMoment } from '../../components/time-ago.tsx';
import { useNow } from '../../components/use-now.ts';
import { DueMark } from './marks.tsx';
import { UNRESOLVED } from './filter.ts';

/** How much of the time that its severity gives is over. */
export function Deadline({ finding }: { finding: FindingSummary }) {
  const nowMs = useNow();
  const { dueAt, firstSeenAt, overdue, state, fixedAt } = finding;
  if (!UNRESOLVED.includes(state)) {
    return (
      <Text c="dimmed" fz="sm">
        {fixedAt === null
          ? 'Its clock stands: somebody decided about it.'
          : `Fixed ${formatMoment(fixedAt)}.`}
      </Text>
    );
  }
  if (dueAt === null) {
    return (
      <Text c="dimmed" fz="sm">
        There is no limit for findings of this severity.
      </Text>
    );
  }
  const [from, to] = [Date.parse(firstSeenAt), Date.parse(dueAt)];
  const used = Math.min(100, Math.max(0, Math.round((100 * (nowMs - from)) / Math.max(1, to - from))));
  return (
    <Stack gap={6}>
      <DueMark dueAt={dueAt} overdue={overdue} />
      <Progress
        value={used}
        size="sm"
        color={overdue ? 'red' : used > 75 ? 'orange' : 'vouch'}
        aria-label={`${used} % of the time is over`}
      />
      <Text c="dimmed" fz="xs">
        Since {formatMoment(firstSeenAt)}
      </Text>
    </Stack>
  );
}
