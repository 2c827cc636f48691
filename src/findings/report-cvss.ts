import type { ReportedFinding } from './reported-finding.ts';

/** Score and vector as a finding holds them; nothing when the score is missing or no CVSS score. */
export function cvssOf(score: number | undefined, vector?: string): ReportedFinding['cvss'] {
  if (score === undefined || !(score >= 0 && score <= 10)) return undefined;
  return vector === undefined || vector.trim() === ''
    ? { score }
    : { score, vector: vector.trim().slice(0, 300) };
}
