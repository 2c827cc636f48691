import path from 'node:path';
import type { Finding } from '#findings/finding.ts';
import { applyWaivers, type ScanSettings } from '#findings/scan-configuration.ts';
import { confidences, type Severity } from '#findings/severity.ts';
import type { Repository } from '#pipeline/repository.ts';
import { configureRules } from '#scan/configure-rules.ts';
import { buildAliasTable } from '#scan/ignore-comments.ts';
import type { Rule } from '#scan/rule.ts';
import { type RepositoryScan, scanRepository } from '#scan/scan-repository.ts';
import { readScanSettingsOf, ScanConfigurationError } from '#scan/scan-settings.ts';
import { stepLinesOf } from '#scan/step-lines.ts';
import { applyZizmorSettings, readZizmorSettingsOf, type ZizmorSettings } from '#scan/zizmor-settings.ts';
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

interface Decided {
  readonly settings: ScanSettings;
  readonly zizmor: ZizmorSettings;
  readonly rules: readonly Rule[];
}

/** Settings that cannot be read let nothing stand. */
function readDecided(tree: DefinitionTree, rules: readonly Rule[]): Decided {
  const texts = new Map(tree.files.map(({ file, text }) => [file, text]));
  const zizmor = readZizmorSettingsOf((name) => texts.get(name), buildAliasTable(rules));
  try {
    const settings = readScanSettingsOf((name) => texts.get(name));
    return { settings, zizmor, rules: configureRules(rules, settings, zizmor) };
  } catch (error) {
    if (!(error instanceof ScanConfigurationError)) throw error;
    return { settings: {}, zizmor, rules };
  }
}

function settle(
  findings: readonly Finding[],
  repository: Repository,
  { settings, zizmor }: Decided,
  asOfMs: number,
): readonly Finding[] {
  const fileOf = (name: string) => repository.files.find(({ source }) => source.file === name);
  const standing = applyZizmorSettings(findings, zizmor, {
    textOf: ({ locations: [{ file, start, end }] }) =>
      fileOf(file)?.source.text.slice(start.offset, end.offset) ?? '',
    stepsOf(name) {
      const file = fileOf(name);
      return file === undefined ? [] : stepLinesOf(file);
    },
  });
  const least = confidences.indexOf(settings.minimumConfidence ?? 'low');
  const configured = standing
    .filter(({ confidence }) => confidences.indexOf(confidence) >= least)
    .map((finding) => {
      const own = settings.rules?.[finding.ruleId]?.severity ?? zizmor.severities.get(finding.ruleId);
      return own === undefined ? finding : { ...finding, severity: own };
    });
  return applyWaivers(configured, settings, asOfMs, (glob, file) => path.matchesGlob(file, glob)).findings;
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
  const decided = readDecided(tree, rules);
  const { exclude = [] } = decided.settings;
  const isExcluded = (file: string) => exclude.some((glob) => path.matchesGlob(file, glob));
  const sameRules = decided.rules === rules && exclude.length === 0;
  const files = definitionsIn(tree).filter(({ file }) => !isExcluded(file));
  const scan = sameRules
    ? plain
    : scanRepository(
        { root: '', files },
        { rules: decided.rules, asOfMs, address: tree.repository.toLowerCase() },
      );
  const settled = settle(scan.findings, scan.repository, decided, asOfMs);
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
