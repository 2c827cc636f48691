import type { FindingKind, FindingOrder, FindingSeverity, FindingState, PriorityBand } from '#api/finding.ts';
import type { SameReason } from '#api/finding-overviews.ts';
import type { RiskArea } from '#api/risk-area.ts';

export const stateWords = {
  new: 'New',
  open: 'Open',
  reopened: 'Reopened',
  fixed: 'Fixed',
  waived: 'Accepted',
  'false-positive': 'False positive',
} as const satisfies Record<FindingState, string>;

export const kindWords = {
  pipeline: 'Pipeline',
  code: 'Code',
  infrastructure: 'Infrastructure',
  secret: 'Secret',
  dependency: 'Dependency',
  container: 'Container',
  web: 'Web',
  licence: 'Licence',
  quality: 'Quality',
} as const satisfies Record<FindingKind, string>;

export const severityWords = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
} as const satisfies Record<FindingSeverity, string>;

export const bandWords = {
  now: 'Now',
  soon: 'Soon',
  planned: 'Planned',
  later: 'Later',
} as const satisfies Record<PriorityBand, string>;

export const orderWords = {
  priority: 'What to do first',
  severity: 'Worst first',
  due: 'Due first',
  newest: 'Newest first',
} as const satisfies Record<FindingOrder, string>;

export const reasonWords = {
  'same-advisory': 'the same advisory for the same package',
  'same-secret': 'the same secret in the same place',
  'same-rule': 'rules that look for the same, on the same lines',
  'same-weakness': 'weaknesses of the same kind, on the same lines',
} as const satisfies Record<SameReason, string>;

/** The keys of a table of words, typed. */
export function keysOf<Key extends string>(words: Readonly<Record<Key, string>>): readonly Key[] {
  return Object.keys(words) as Key[];
}

export const areaKeys = [
  'misconfiguration',
  'secrets',
  'code-injection',
  'security-testing',
  'third-parties',
  'privilege',
  'monitoring',
  'poisoning',
] as const satisfies readonly RiskArea[];
