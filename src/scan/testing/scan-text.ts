import type { Finding } from '#findings/finding.ts';
import { rules } from '../rules.generated.ts';
import type { PinSource } from '../rule.ts';
import { type RepositoryScan, scanRepository } from '../scan-repository.ts';
import { type FixtureFile, splitFixture } from './fixture.ts';

/** The platforms' rules of this day hold in tests, whenever they run. */
export const TEST_DAY_MS = Date.parse('2026-11-01');

export interface ScanTextOptions {
  readonly asOf?: string;
  readonly pins?: PinSource;
}

export function scanFiles(files: readonly FixtureFile[], options: ScanTextOptions = {}): RepositoryScan {
  const asOfMs = options.asOf === undefined ? TEST_DAY_MS : Date.parse(options.asOf);
  return scanRepository({ root: '', files }, { rules, asOfMs, pins: options.pins });
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
