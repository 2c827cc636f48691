import type { FindingState, FindingSummary, PriorityBand } from '#api/finding.ts';
import { Badge, Text } from '@mantine/core';
import {
  CircleCheck,
  CircleDot,
  CircleSlash,
  Clock,
  type LucideIcon,
  RotateCcw,
  ShieldCheck,
  Sparkle,
  TriangleAlert,
} from 'lucide-react';
import { formatMoment, formatRelative } from '../../components/time-ago.tsx';
import { useNow } from '../../components/use-now.ts';
import classes from './marks.module.css';
import { bandWords, stateWords } from './words.ts';

const STATES = {
  new: { color: 'vouch', icon: Sparkle },
  open: { color: 'gray', icon: CircleDot },
  reopened: { color: 'orange', icon: RotateCcw },
  fixed: { color: 'vouch', icon: CircleCheck },
  waived: { color: 'gray', icon: ShieldCheck },
  'false-positive': { color: 'gray', icon: CircleSlash },
} as const satisfies Record<FindingState, { color: string; icon: LucideIcon }>;

export function FindingStateBadge({ state }: { state: FindingState }) {
  const { color, icon: Icon } = STATES[state];
  return (
    <Badge color={color} variant="outline" leftSection={<Icon size={12} aria-hidden />}>
      {stateWords[state]}
    </Badge>
  );
}

/** The score with what it means; how it comes about stands on the finding's page. */
export function PriorityMark({ score, band }: { score: number; band: PriorityBand }) {
  return (
    <span className={classes.priority} data-band={band}>
      <span className={`numeric ${classes.score}`}>{score}</span>
      <span className={classes.band}>{bandWords[band]}</span>
    </span>
  );
}

/** When it has to be mended. */
export function DueMark({ dueAt, overdue }: Pick<FindingSummary, 'dueAt' | 'overdue'>) {
  const nowMs = useNow();
  if (dueAt === null) {
    return (
      <Text c="dimmed" fz="sm">
        No day set
      </Text>
    );
  }
  const Icon = overdue ? TriangleAlert : Clock;
  const when = formatRelative(Date.parse(dueAt), nowMs);
  return (
    <span className={classes.due} data-overdue={overdue || undefined} title={formatMoment(dueAt)}>
      <Icon size={13} aria-hidden />
      <span className="numeric">Due {when}</span>
    </span>
  );
}

/** Where a finding is, in the words of what it is about. */
export function placeText({ place, target }: Pick<FindingSummary, 'place' | 'target'>): string {
  const { file, line, package: part, url, resource, image, host } = place;
  if (part !== undefined) return part.version === undefined ? part.name : `${part.name} ${part.version}`;
  if (file !== undefined) return line === undefined ? file : `${file}:${line}`;
  return url ?? resource ?? image ?? host ?? target;
}
