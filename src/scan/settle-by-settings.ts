import path from 'node:path';
import type { Finding } from '#findings/finding.ts';
import { applyWaivers, ownerOf, type ScanSettings } from '#findings/scan-configuration.ts';
import { confidences } from '#findings/severity.ts';
import type { Repository } from '#pipeline/repository.ts';
import { configureRules } from './configure-rules.ts';
import { buildAliasTable } from './ignore-comments.ts';
import type { Rule } from './rule.ts';
import { readScanSettingsOf, ScanConfigurationError } from './scan-settings.ts';
import { stepLinesOf } from './step-lines.ts';
import { applyZizmorSettings, readZizmorSettingsOf, type ZizmorSettings } from './zizmor-settings.ts';

/** What a repository decided about its findings, in our file and in another tool's. */
export interface OwnSettings {
  readonly settings: ScanSettings;
  readonly zizmor: ZizmorSettings;
}

/**
 * From the files of a commit: its settings, and the rules as it sets them up. What cannot be read decides nothing, so
 * that a broken file lets no finding stand.
 */
export function readOwnSettings(
  textOf: (name: string) => string | undefined,
  rules: readonly Rule[],
): OwnSettings & { readonly rules: readonly Rule[]; readonly problem: string | undefined } {
  const zizmor = readZizmorSettingsOf(textOf, buildAliasTable(rules));
  try {
    const settings = readScanSettingsOf(textOf);
    return { settings, zizmor, rules: configureRules(rules, settings, zizmor), problem: undefined };
  } catch (error) {
    if (!(error instanceof ScanConfigurationError)) throw error;
    return { settings: {}, zizmor, rules, problem: error.message };
  }
}

/** A severity that was set for a rule holds for all its findings; our own settings win over another tool's. */
function configureFinding(finding: Finding, { settings, zizmor }: OwnSettings): Finding {
  const { ruleId } = finding;
  const severity = settings.rules?.[ruleId]?.severity ?? zizmor.severities.get(ruleId) ?? finding.severity;
  const owner = ownerOf(finding.locations[0].file, settings);
  return { ...finding, severity, ...(owner === undefined ? {} : { owner }) };
}

function isSureEnough({ confidence }: Finding, { minimumConfidence = 'low' }: ScanSettings): boolean {
  return confidences.indexOf(confidence) >= confidences.indexOf(minimumConfidence);
}

export function isExcluded(file: string, { exclude = [] }: ScanSettings): boolean {
  return exclude.some((glob) => path.matchesGlob(file, glob));
}

/** Findings as the repository wants them: severities, owners, ignores, waivers with those that have expired. */
export function settleBySettings(
  findings: readonly Finding[],
  repository: Repository,
  own: OwnSettings,
  asOfMs: number,
): ReturnType<typeof applyWaivers> {
  const fileOf = (name: string) => repository.files.find(({ source }) => source.file === name);
  const standing = applyZizmorSettings(findings, own.zizmor, {
    textOf: ({ locations: [{ file, start, end }] }) =>
      fileOf(file)?.source.text.slice(start.offset, end.offset) ?? '',
    stepsOf(name) {
      const file = fileOf(name);
      return file === undefined ? [] : stepLinesOf(file);
    },
  });
  const configured = standing
    .filter((finding) => isSureEnough(finding, own.settings))
    .map((finding) => configureFinding(finding, own));
  return applyWaivers(configured, own.settings, asOfMs, (glob, file) => path.matchesGlob(file, glob));
}
