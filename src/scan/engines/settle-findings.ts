import path from 'node:path';
import type { Finding } from '#findings/finding.ts';
import { applyWaivers, ownerOf, type ScanSettings } from '#findings/scan-configuration.ts';
import { confidences } from '#findings/severity.ts';

/** What a repository's `.vouchgate.yml` says about findings of an engine: rules, files, owners, waivers. */
export function settleFindings(
  findings: readonly Finding[],
  settings: ScanSettings,
  asOfMs: number,
): { readonly findings: readonly Finding[]; readonly expired: readonly string[] } {
  const { minimumConfidence = 'low', exclude = [], rules = {} } = settings;
  const least = confidences.indexOf(minimumConfidence);
  const wanted = findings.filter(({ ruleId, confidence, locations: [{ file }] }) => {
    const off = Object.hasOwn(rules, ruleId) && rules[ruleId]?.enabled === false;
    return (
      !off &&
      confidences.indexOf(confidence) >= least &&
      !exclude.some((glob) => path.matchesGlob(file, glob))
    );
  });
  const configured = wanted.map((finding): Finding => {
    const { ruleId, severity, locations } = finding;
    const own = Object.hasOwn(rules, ruleId) ? rules[ruleId]?.severity : undefined;
    const owner = ownerOf(locations[0].file, settings);
    return { ...finding, severity: own ?? severity, ...(owner === undefined ? {} : { owner }) };
  });
  return applyWaivers(configured, settings, asOfMs, (glob, file) => path.matchesGlob(file, glob));
}
