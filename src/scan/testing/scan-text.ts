import { parseYamlSource } from '#core/config/yaml-source.ts';
import type { Finding } from '#findings/finding.ts';
import { ScanConfiguration } from '#findings/scan-configuration.ts';
import { rules } from '../rules.generated.ts';
import { configureRules } from '../configure-rules.ts';
import type { PinSource, Rule } from '../rule.ts';
import { type RepositoryScan, scanRepository } from '../scan-repository.ts';
import { type FixtureFile, splitFixture } from './fixture.ts';

/** The platforms' rules of this day hold in tests, whenever they run. */
export const TEST_DAY_MS = Date.parse('2026-11-01');

export interface ScanTextOptions {
  readonly asOf?: string;
  readonly pins?: PinSource;
}

const SETTINGS = '.vouchgate.yml';

/** The rules as a file of settings among the files wants them. */
function rulesFor(files: readonly FixtureFile[]): readonly Rule[] {
  const own = files.find(({ file }) => file === SETTINGS);
  if (own === undefined) return rules;
  const parsed = parseYamlSource(SETTINGS, own.text);
  const { scan = {} } = ScanConfiguration.parse(parsed.ok ? parsed.source.value : undefined);
  return configureRules(rules, scan);
}

export function scanFiles(files: readonly FixtureFile[], options: ScanTextOptions = {}): RepositoryScan {
  const asOfMs = options.asOf === undefined ? TEST_DAY_MS : Date.parse(options.asOf);
  const read = files.filter(({ file }) => file !== SETTINGS);
  return scanRepository({ root: '', files: read }, { rules: rulesFor(files), asOfMs, pins: options.pins });
}

/** Findings of one rule in a text; `# --- path` in it begins another file. */
export function findingsOf(ruleId: string, text: string, options: ScanTextOptions = {}): readonly Finding[] {
  return scanFiles(splitFixture(text), options).findings.filter((finding) => finding.ruleId === ruleId);
}

/** Findings as `line severity persona`, which is what most tests are about. */
export function briefly(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ locations, severity, persona }) => `${locations[0].start.line} ${severity} ${persona}`,
  );
}
