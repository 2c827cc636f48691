/** What a condition comes to; `unknown` where only the run can tell. */
export type Verdict = 'true' | 'false' | 'unknown';

export function not(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? verdict : verdict === 'true' ? 'false' : 'true';
}

export function every(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('false')) return 'false';
  return verdicts.includes('unknown') ? 'unknown' : 'true';
}

export function some(verdicts: readonly Verdict[]): Verdict {
  return not(every(verdicts.map(not)));
}
