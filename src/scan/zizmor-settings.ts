import path from 'node:path';
import { z } from 'zod';
import { formatProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import { parseYamlSource } from '#core/config/yaml-source.ts';
import { messageOf } from '#core/errors.ts';
import type { Finding, ScanProblem } from '#findings/finding.ts';
import type { AliasTable } from '#findings/inline-ignores.ts';
import type { Severity } from '#findings/severity.ts';
import { readOwnFile } from './read-own-file.ts';
import { matchesActionPattern } from './shared/action-patterns.ts';
import { isInStep, type StepLines } from './step-lines.ts';

const NAMES = ['.github/zizmor.yml', '.github/zizmor.yaml', 'zizmor.yml', 'zizmor.yaml'];

const SEVERITIES = { informational: 'info', low: 'low', medium: 'medium', high: 'high' } as const;
const Patterns = z.array(z.string().max(500)).max(10_000).optional();
const Policy = z.enum(['any', 'ref-pin', 'hash-pin']);

/** What of that tool's settings has a meaning here; the rest is its own business, so it may stand there. */
const ZizmorFile = z.looseObject({
  rules: z
    .record(
      z.string().max(100),
      z
        .looseObject({
          disable: z.boolean().optional(),
          ignore: z.array(z.string().max(1_000)).max(10_000).optional(),
          remap: z
            .looseObject({ severity: z.enum(['informational', 'low', 'medium', 'high']).optional() })
            .nullish(),
          config: z
            .looseObject({
              policies: z.record(z.string().max(500), Policy).optional(),
              allow: Patterns,
              deny: Patterns,
            })
            .nullish(),
        })
        .nullish(),
    )
    .nullish(),
});

interface Ignore {
  readonly ruleIds: readonly string[];
  /** Without its folders, as that tool writes it. */
  readonly fileName: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

interface PinPolicy {
  readonly pattern: string;
  readonly policy: z.infer<typeof Policy>;
}

export interface ZizmorSettings {
  /** Ids of ours. */
  readonly disabled: ReadonlySet<string>;
  /** Of all findings of a rule, by its id. */
  readonly severities: ReadonlyMap<string, Severity>;
  /** By id, in the form of our own `settings`. */
  readonly ruleSettings: ReadonlyMap<string, unknown>;
  readonly ignores: readonly Ignore[];
  /** The most exact first. */
  readonly policies: readonly PinPolicy[];
  readonly unpinnedIds: readonly string[];
  readonly problems: readonly ScanProblem[];
}

/** No settings. Waives nothing, so that a broken file of another tool opens no gate. */
function nothing(problems: readonly ScanProblem[] = []): ZizmorSettings {
  return {
    disabled: new Set(),
    severities: new Map(),
    ruleSettings: new Map(),
    ignores: [],
    policies: [],
    unpinnedIds: [],
    problems,
  };
}

/** `ci.yml`, `ci.yml:12` or `ci.yml:12:7`. */
function parseIgnore(text: string, ruleIds: readonly string[]): Ignore {
  const [, fileName = text, line, column] = /^(.+?)(?::(\d{1,9}))?(?::(\d{1,9}))?$/.exec(text) ?? [];
  const toNumber = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));
  return { ruleIds, fileName, line: toNumber(line), column: toNumber(column) };
}

function byExactness(left: PinPolicy, right: PinPolicy): number {
  const wildcards = Number(left.pattern.endsWith('*')) - Number(right.pattern.endsWith('*'));
  return wildcards === 0 ? right.pattern.length - left.pattern.length : wildcards;
}

function toSettings({ rules }: z.infer<typeof ZizmorFile>, aliases: AliasTable): ZizmorSettings {
  const idsOf = (name: string) => aliases.get(`zizmor/${name}`) ?? [];
  const named = Object.entries(rules ?? {});
  const policies = rules?.['unpinned-uses']?.config?.policies ?? {};
  const { allow, deny } = rules?.['forbidden-uses']?.config ?? {};
  const lists = { ...(allow === undefined ? {} : { allow }), ...(deny === undefined ? {} : { deny }) };
  const listed = Object.keys(lists).length === 0 ? [] : idsOf('forbidden-uses');
  return {
    severities: new Map(
      named.flatMap(([name, rule]) => {
        const severity = rule?.remap?.severity;
        return severity === undefined ? [] : idsOf(name).map((id) => [id, SEVERITIES[severity]] as const);
      }),
    ),
    ruleSettings: new Map(listed.map((id) => [id, lists])),
    disabled: new Set(named.flatMap(([name, rule]) => (rule?.disable === true ? idsOf(name) : []))),
    ignores: named.flatMap(([name, rule]) =>
      (rule?.ignore ?? []).map((text) => parseIgnore(text, idsOf(name))),
    ),
    policies: Object.entries(policies)
      .map(([pattern, policy]) => ({ pattern: pattern.toLowerCase(), policy }))
      .toSorted(byExactness),
    unpinnedIds: idsOf('unpinned-uses'),
    problems: [],
  };
}

function parse(name: string, text: string): z.infer<typeof ZizmorFile> {
  const parsed = parseYamlSource(name, text);
  const checked = parsed.ok ? validateYaml(ZizmorFile, parsed.source, [], parsed.source.value ?? {}) : parsed;
  if (checked.ok && 'value' in checked) return checked.value;
  throw new Error(checked.ok ? 'empty' : checked.problems.map(formatProblem).join('; '));
}

/** Reads `zizmor.yml` of a repository, so that who comes from there need not decide everything again. */
export function readZizmorSettings(root: string, aliases: AliasTable): ZizmorSettings {
  return readZizmorSettingsOf((name) => readOwnFile(path.join(root, name)), aliases);
}

/** The same, from texts that were read already: the files of a commit. */
export function readZizmorSettingsOf(
  textOf: (name: string) => string | undefined,
  aliases: AliasTable,
): ZizmorSettings {
  for (const name of NAMES) {
    try {
      const text = textOf(name);
      if (text !== undefined) return toSettings(parse(name, text), aliases);
    } catch (error) {
      const message = `not heeded: ${messageOf(error)}`;
      return nothing([{ file: name, line: 1, column: 1, message, partial: true }]);
    }
  }
  return nothing();
}

/** What a scan knows of the places of its findings. */
export interface Places {
  /** The text at the place of a finding. */
  textOf(finding: Finding): string;
  stepsOf(file: string): readonly StepLines[];
}

function subjectOf(ruleId: string, fileName: string): string {
  return `${ruleId} ${fileName}`;
}

function isExactly({ line, column }: Ignore, { locations: [{ start }] }: Finding): boolean {
  return (line === undefined || line === start.line) && (column === undefined || column === start.column);
}

function findInStep(findings: readonly Finding[], { line }: Ignore, places: Places): Finding[] {
  if (line === undefined) return [];
  const byFile = Map.groupBy(findings, ({ locations: [{ file }] }) => file);
  return [...byFile].flatMap(([file, own]) => {
    const step = places.stepsOf(file).find((each) => isInStep(line, each));
    return step === undefined ? [] : own.filter(({ locations: [{ start }] }) => isInStep(start.line, step));
  });
}

/**
 * The entries that hold for a finding. That tool points at the beginning of a step where ours points at the line that
 * matters: an entry that meets none of our findings exactly is for those of its rule in the same step.
 */
function findIgnored(
  findings: readonly Finding[],
  { ignores }: ZizmorSettings,
  places: Places,
): ReadonlySet<Finding> {
  const ignored = new Set<Finding>();
  const bySubject = Map.groupBy(findings, ({ ruleId, locations: [{ file }] }) =>
    subjectOf(ruleId, path.posix.basename(file)),
  );
  for (const ignore of ignores) {
    const own = ignore.ruleIds.flatMap((id) => bySubject.get(subjectOf(id, ignore.fileName)) ?? []);
    const exact = own.filter((finding) => isExactly(ignore, finding));
    for (const finding of exact.length > 0 ? exact : findInStep(own, ignore, places)) ignored.add(finding);
  }
  return ignored;
}

function isPinnedEnough(uses: string, { policies }: ZizmorSettings): boolean {
  const policy = policies.find(({ pattern }) => matchesActionPattern(pattern, uses))?.policy;
  return policy === 'any' || (policy === 'ref-pin' && uses.includes('@'));
}

/** Suppresses what those settings let stand. */
export function applyZizmorSettings(
  findings: readonly Finding[],
  settings: ZizmorSettings,
  places: Places,
): Finding[] {
  const ignored = findIgnored(findings, settings, places);
  return findings.map((finding): Finding => {
    if (finding.suppression !== undefined) return finding;
    const isPinning = settings.policies.length > 0 && settings.unpinnedIds.includes(finding.ruleId);
    const stands =
      ignored.has(finding) ||
      (isPinning && isPinnedEnough(places.textOf(finding).replaceAll(/^["']|["']$/g, ''), settings));
    if (!stands) return finding;
    return { ...finding, suppression: { kind: 'waiver', justification: 'zizmor.yml lets it stand' } };
  });
}
