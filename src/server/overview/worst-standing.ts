import type { Standing } from '#api/overview.ts';

const ORDER: readonly Standing[] = ['good', 'unknown', 'attention', 'act'];

/** What is not known is worse than what is good, and better than what is known to be bad. `unknown` of nothing. */
export function worstStanding(standings: readonly Standing[]): Standing {
  const worst = standings.map((standing) => ORDER.indexOf(standing)).reduce((a, b) => Math.max(a, b), -1);
  return ORDER[worst] ?? 'unknown';
}
