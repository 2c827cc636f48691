import path from 'node:path';
import { z } from 'zod';
import { formatProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import { parseYamlSource } from '#core/config/yaml-source.ts';
import { messageOf } from '#core/errors.ts';
import type { Finding, ScanProblem } from '#findings/finding.ts';
import type { AliasTable } from '#findings/inline-ignores.ts';
import { readOwnFile } from './read-own-file.ts';

const NAMES = ['.github/zizmor.yml', '.github/zizmor.yaml', 'zizmor.yml', 'zizmor.yaml'];

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
          config: z.looseObject({ policies: z.record(z.string().max(500), Policy).optional() }).nullish(),
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
  readonly ignores: readonly Ignore[];
  /** The most exact first. */
  readonly policies: readonly PinPolicy[];
  readonly unpinnedIds: readonly string[];
  readonly problems: readonly ScanProblem[];
}

/** No settings. Waives nothing, so that a broken file of another tool opens no gate. */
function nothing(problems: readonly ScanProblem[] = []): ZizmorSettings {
  return { disabled: new Set(), ignores: [], policies: [], unpinnedIds: [], problems };
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
  return {
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
  for (const name of NAMES) {
    try {
      const text = readOwnFile(path.join(root, name));
      if (text !== undefined) return toSettings(parse(name, text), aliases);
    } catch (error) {
      const message = `not heeded: ${messageOf(error)}`;
      return nothing([{ file: name, line: 1, column: 1, message, partial: true }]);
    }
  }
  return nothing();
}

function isIgnored(finding: Finding, { ignores }: ZizmorSettings): boolean {
  const { file, start } = finding.locations[0];
  return ignores.some(
    ({ ruleIds, fileName, line, column }) =>
      ruleIds.includes(finding.ruleId) &&
      path.posix.basename(file) === fileName &&
      (line === undefined || line === start.line) &&
      (column === undefined || column === start.column),
  );
}

/** `*`, `owner/*`, `owner/name/*` (also `owner/name` itself), or one action. */
function matchesPattern(pattern: string, name: string): boolean {
  if (!pattern.endsWith('*')) return pattern === name;
  return `${name}/`.startsWith(pattern.slice(0, -1));
}

function isPinnedEnough(uses: string, { policies }: ZizmorSettings): boolean {
  const at = uses.lastIndexOf('@');
  const name = (at === -1 ? uses : uses.slice(0, at)).toLowerCase();
  const policy = policies.find(({ pattern }) => matchesPattern(pattern, name))?.policy;
  return policy === 'any' || (policy === 'ref-pin' && at !== -1);
}

/** Suppresses what those settings let stand. `textOf` gives the text at the place of a finding. */
export function applyZizmorSettings(
  findings: readonly Finding[],
  settings: ZizmorSettings,
  textOf: (finding: Finding) => string,
): Finding[] {
  return findings.map((finding): Finding => {
    if (finding.suppression !== undefined) return finding;
    const isPinning = settings.policies.length > 0 && settings.unpinnedIds.includes(finding.ruleId);
    const stands =
      isIgnored(finding, settings) ||
      (isPinning && isPinnedEnough(textOf(finding).replaceAll(/^["']|["']$/g, ''), settings));
    if (!stands) return finding;
    return { ...finding, suppression: { kind: 'waiver', justification: 'zizmor.yml lets it stand' } };
  });
}
