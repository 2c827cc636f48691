import type { Finding } from '#findings/finding.ts';
import { type AliasTable, findInlineIgnores, type InlineIgnore } from '#findings/inline-ignores.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import type { Rule } from './rule.ts';
import { isInStep, type StepLines, stepLinesOf } from './step-lines.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';

/** Alias → our ids. */
export const buildAliasTable = memoize((rules: readonly Rule[]): AliasTable => {
  const table = new Map<string, string[]>();
  for (const rule of rules) {
    for (const alias of rule.aliases) table.set(alias, [...(table.get(alias) ?? []), rule.id]);
  }
  return table;
});

/** Whether an offset stands in a value: what looks like a comment there is text, an outsider's perhaps. */
function isInScalar(node: YamlNode, offset: number): boolean {
  if (offset < node.start || offset >= node.end || node.kind === 'alias') return false;
  if (node.kind === 'scalar') {
    const block = node.style === 'literal' || node.style === 'folded';
    // Behind `|` the header line may still carry a real comment.
    return offset >= (block ? node.contentStart : node.start) && offset < node.end;
  }
  if (node.kind === 'sequence') return node.items.some((item) => isInScalar(item, offset));
  return node.entries.some(({ key, value }) => isInScalar(key, offset) || isInScalar(value, offset));
}

const IGNORES_MAX = 1_000;

interface LineIgnore extends InlineIgnore {
  readonly line: number;
}

/** Ignore comments of a file by their line. */
export function readIgnores(file: ReadFile, aliases: AliasTable): LineIgnore[] {
  return findInlineIgnores(file.source.text, aliases)
    .slice(0, IGNORES_MAX)
    .filter(({ offset }) => !file.documents.some((root) => isInScalar(root, offset)))
    .map((ignore) => ({ ...ignore, line: file.source.position(ignore.offset).line }));
}

/** A line that has nothing but a comment speaks for the next one. */
function speaksFor(file: ReadFile, ignore: LineIgnore): number {
  const line = file.source.line(ignore.line);
  return /^\s*(?:#|\/\/)/.test(line) ? ignore.line + 1 : ignore.line;
}

/** Beside the name of a step a comment speaks for the whole step, as it does for other tools that read it. */
function speaksForStep(
  { line }: LineIgnore,
  finding: Finding,
  byFirst: ReadonlyMap<number, StepLines>,
): boolean {
  const step = byFirst.get(line);
  return step !== undefined && isInStep(finding.locations[0].start.line, step);
}

/**
 * Suppresses findings with a comment on a line that they span, alone on the line above, or on the first line of the
 * step that they are in.
 */
export function applyIgnores(
  findings: readonly Finding[],
  file: ReadFile,
  aliases: AliasTable,
): readonly Finding[] {
  const ignores = readIgnores(file, aliases);
  if (ignores.length === 0) return findings;
  const steps = new Map(stepLinesOf(file).map((step) => [step.first, step]));
  return findings.map((finding): Finding => {
    const spans = finding.locations.filter((location) => location.file === file.source.file);
    const ignore = ignores.find(
      (each) =>
        each.ruleIds.includes(finding.ruleId) &&
        (speaksForStep(each, finding, steps) ||
          spans.some(({ start, end }) => {
            const line = speaksFor(file, each);
            return (line >= start.line && line <= end.line) || each.line === end.line;
          })),
    );
    if (ignore === undefined) return finding;
    return { ...finding, suppression: { kind: 'inline', justification: ignore.reason } };
  });
}
