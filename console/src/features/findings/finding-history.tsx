import type { Finding } from '#api/finding.ts';
import { Text, Timeline } from '@mantine/core';
import {
  CheckCheck,
  CircleDot,
  MessageSquare,
  Pencil,
  RotateCcw,
  ShieldCheck,
  Sparkle,
  UserRound,
} from 'lucide-react';
import { TimeAgo } from '../../components/time-ago.tsx';

const WORDS: Readonly<Record<string, { label: string; icon: typeof CircleDot }>> = {
  fixed: { label: 'Fixed', icon: CheckCheck },
  reopened: { label: 'Reopened', icon: RotateCcw },
  moved: { label: 'Moved', icon: Pencil },
  changed: { label: 'Changed', icon: Pencil },
  accepted: { label: 'Accepted', icon: ShieldCheck },
  'acceptance-ended': { label: 'Acceptance ended', icon: RotateCcw },
  'false-positive': { label: 'False positive', icon: ShieldCheck },
  restored: { label: 'Reopened by hand', icon: RotateCcw },
  assigned: { label: 'Assigned', icon: UserRound },
  comment: { label: 'Comment', icon: MessageSquare },
};

/** Its life, newest first. */
export function FindingHistory({ finding }: { finding: Finding }) {
  const { history, firstSeenAt, tool } = finding;
  return (
    <Timeline bulletSize={22} lineWidth={2} active={history.length}>
      {history.toReversed().map(({ at, by, kind, note }, index) => {
        const { label, icon: Icon } = WORDS[kind] ?? { label: kind, icon: CircleDot };
        return (
          <Timeline.Item
            // oxlint-disable-next-line react/no-array-index-key -- two entries may have the same time
            key={`${at} ${index}`}
            bullet={<Icon size={12} aria-hidden />}
            title={label}
          >
            <Text fz="sm" className="breakable" style={{ whiteSpace: 'pre-line' }}>
              {note}
            </Text>
            <Text fz="xs" c="dimmed" component="div">
              {by}, <TimeAgo moment={at} />
            </Text>
          </Timeline.Item>
        );
      })}
      <Timeline.Item bullet={<Sparkle size={12} aria-hidden />} title="First seen">
        <Text fz="xs" c="dimmed" component="div">
          by {tool}, <TimeAgo moment={firstSeenAt} />
        </Text>
      </Timeline.Item>
    </Timeline>
  );
}
