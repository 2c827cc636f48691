import type { Severity } from '../../severity.ts';

/** Veracode's levels: 5 very high, 4 high, 3 medium, 2 low, 1 very low, 0 informational. */
const LEVELS: readonly Severity[] = ['info', 'low', 'low', 'medium', 'high', 'critical'];

export function severityOfLevel(level: number | undefined): Severity {
  return LEVELS[level ?? -1] ?? 'medium';
}
