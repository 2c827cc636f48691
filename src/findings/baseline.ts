import { z } from 'zod';
import type { Finding } from './finding.ts';

/** Findings that were there when a team began, kept by fingerprint; the rest is for people who read the diff. */
export const Baseline = z.strictObject({
  version: z.literal(1),
  findings: z
    .array(
      z.strictObject({
        fingerprint: z.string().max(200),
        rule: z.string().max(200),
        file: z.string().max(4_096),
      }),
    )
    .max(1_000_000),
});
export type Baseline = z.infer<typeof Baseline>;

/** A baseline of everything that is not suppressed in another way. */
export function createBaseline(findings: readonly Finding[]): Baseline {
  const kept = findings.filter(
    ({ suppression }) => suppression === undefined || suppression.kind === 'baseline',
  );
  return {
    version: 1,
    findings: kept.map(({ fingerprint, ruleId, locations }) => ({
      fingerprint,
      rule: ruleId,
      file: locations[0].file,
    })),
  };
}

export function applyBaseline(findings: readonly Finding[], baseline: Baseline): Finding[] {
  const known = new Set(baseline.findings.map(({ fingerprint }) => fingerprint));
  return findings.map((finding) =>
    finding.suppression === undefined && known.has(finding.fingerprint)
      ? {
          ...finding,
          suppression: { kind: 'baseline', justification: 'was there when the baseline was made' },
        }
      : finding,
  );
}
