import { cvssOf } from './report-cvss.ts';
import type { ReportedFinding } from './reported-finding.ts';

/** Weights of CVSS v3.1 §7.4; those of v3.0 are the same. */
const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const PRIVILEGES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
};

/** CVSS v3.1 Appendix A: the smallest number with one decimal that is not below, without the faults of floats. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}

/** Base score of a vector of CVSS v3.0 or v3.1 (§7.1); undefined for other versions and for what is no vector. */
export function baseScoreOfVector(vector: string | undefined): number | undefined {
  if (vector === undefined || vector.length > 300 || !/^CVSS:3\.[01]\//.test(vector)) return undefined;
  const metrics = new Map(
    vector.split('/').map((part): [string, string] => [part.split(':')[0] ?? '', part.split(':')[1] ?? '']),
  );
  const weigh = (name: string) => WEIGHTS[name]?.[metrics.get(name) ?? ''] ?? Number.NaN;
  const scope = metrics.get('S') ?? '';
  const privileges = PRIVILEGES[scope]?.[metrics.get('PR') ?? ''] ?? Number.NaN;
  const base = 1 - (1 - weigh('C')) * (1 - weigh('I')) * (1 - weigh('A'));
  const changed = scope === 'C';
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  const exploitability = 8.22 * weigh('AV') * weigh('AC') * privileges * weigh('UI');
  const sum = (changed ? 1.08 : 1) * (impact + exploitability);
  if (Number.isNaN(sum)) return undefined;
  return impact <= 0 ? 0 : roundUp(Math.min(sum, 10));
}

/** The score that the tool gives, else that of the vector. */
export function cvssOfVector(vector: string | undefined, score?: number): ReportedFinding['cvss'] {
  return cvssOf(score ?? baseScoreOfVector(vector), vector);
}
