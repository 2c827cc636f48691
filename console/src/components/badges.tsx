import { Badge } from '@mantine/core';
import {
  Ban,
  Check,
  ChevronDown,
  ChevronsUp,
  ChevronUp,
  CircleDashed,
  Equal,
  Info,
  type LucideIcon,
  TriangleAlert,
} from 'lucide-react';

interface Mark {
  label: string;
  color: string;
  icon: LucideIcon;
}

function MarkBadge({ mark: { label, color, icon: Icon } }: { mark: Mark }) {
  return (
    <Badge color={color} leftSection={<Icon size={12} strokeWidth={2.4} aria-hidden />}>
      {label}
    </Badge>
  );
}

const SEVERITIES = {
  critical: { label: 'Critical', color: 'red', icon: ChevronsUp },
  high: { label: 'High', color: 'orange', icon: ChevronUp },
  medium: { label: 'Medium', color: 'yellow', icon: Equal },
  low: { label: 'Low', color: 'blue', icon: ChevronDown },
  info: { label: 'Info', color: 'gray', icon: Info },
} as const satisfies Record<string, Mark>;

export function SeverityBadge({ severity }: { severity: keyof typeof SEVERITIES }) {
  return <MarkBadge mark={SEVERITIES[severity]} />;
}

const OUTCOMES = {
  issued: { label: 'Issued', color: 'vouch', icon: Check },
  allowed: { label: 'Allowed', color: 'vouch', icon: CircleDashed },
  failed: { label: 'Failed', color: 'orange', icon: TriangleAlert },
  denied: { label: 'Denied', color: 'red', icon: Ban },
} as const satisfies Record<string, Mark>;

export function OutcomeBadge({ outcome }: { outcome: keyof typeof OUTCOMES }) {
  return <MarkBadge mark={OUTCOMES[outcome]} />;
}

const STATES = {
  good: { label: 'Good', color: 'vouch', icon: Check },
  attention: { label: 'Attention', color: 'yellow', icon: TriangleAlert },
  act: { label: 'Act now', color: 'red', icon: ChevronsUp },
  unknown: { label: 'Not known', color: 'gray', icon: CircleDashed },
} as const satisfies Record<string, Mark>;

/** How something stands; `label` says it in the words of the place. */
export function StateBadge({ state, label }: { state: keyof typeof STATES; label?: string }) {
  const mark = STATES[state];
  return <MarkBadge mark={label === undefined ? mark : { ...mark, label }} />;
}
