import type { Finding } from '#findings/finding.ts';
import type { Severity } from '#findings/severity.ts';
import type { Rule } from '#scan/rule.ts';
import { type RepositoryScan, scanRepository } from '#scan/scan-repository.ts';
import { isExcluded, readOwnSettings, settleBySettings } from '#scan/settle-by-settings.ts';
import type { DefinitionTree } from './inspection-task.ts';
import { definitionsIn } from './named-files.ts';

/** What a branch decided about its findings. */
export interface Accepted {
  /** Key of a finding to the severity that it has there; undefined: it stands, by a waiver, an ignore or an exclude. */
  readonly severities: ReadonlyMap<string, Severity | undefined>;
  /** Every finding that it has, whatever was decided. */
  readonly keys: ReadonlySet<string>;
  /** Rules as it sets them up: they may find what the plain ones do not. */
  readonly rules: readonly Rule[];
}

/** The same rule in the same file at what is still the same place. */
export function keyOf({ ruleId, fingerprint, locations: [{ file }] }: Finding): string {
  return JSON.stringify([ruleId, file, fingerprint]);
}

/**
 * What a tree lets stand, found by comparing a plain scan with one under its own settings: whatever is missing
 * there, or suppressed, somebody accepted. `plain` is a scan of the same tree with all rules and no settings.
 */
export function findAccepted(
  tree: DefinitionTree,
  plain: RepositoryScan,
  rules: readonly Rule[],
  asOfMs: number,
): Accepted {
  const texts = new Map(tree.files.map(({ file, text }) => [file, text]));
  const decided = readOwnSettings((name) => texts.get(name), rules);
  const { exclude = [] } = decided.settings;
  const sameRules = decided.rules === rules && exclude.length === 0;
  const files = definitionsIn(tree).filter(({ file }) => !isExcluded(file, decided.settings));
  const scan = sameRules
    ? plain
    : scanRepository(
        { root: '', files },
        { rules: decided.rules, asOfMs, address: tree.repository.toLowerCase() },
      );
  const settled = settleBySettings(scan.findings, scan.repository, decided, asOfMs).findings;
  const shown = new Map(
    settled
      .filter(({ suppression }) => suppression === undefined)
      .map((each) => [keyOf(each), each.severity] as const),
  );
  const severities = new Map<string, Severity | undefined>();
  for (const finding of [...plain.findings, ...scan.findings]) {
    const key = keyOf(finding);
    severities.set(key, shown.get(key));
  }
  return { severities, keys: new Set(severities.keys()), rules: decided.rules };
}
