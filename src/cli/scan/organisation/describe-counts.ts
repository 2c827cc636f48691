import { type Severity, severities } from '#findings/severity.ts';

/** `2 critical, 5 high`, the worst first. */
export function describeCounts(counts: Readonly<Partial<Record<Severity, number>>>): string {
  const parts = severities.toReversed().flatMap((severity) => {
    const count = counts[severity] ?? 0;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
