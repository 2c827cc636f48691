import type { Finding } from '#findings/finding.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import type { SourceText } from '#pipeline/source.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import { isSameStep, stepLinesOf } from '#scan/step-lines.ts';
import { isAtLine } from './corpus.ts';

/** Whether something at a line, or what it stands for, has the offset in it. */
function isInEntry(node: YamlNode, line: number, offset: number, source: SourceText): boolean {
  if (node.kind === 'alias') {
    const { start = 0, end = 0 } = node.target ?? {};
    return source.position(node.start).line === line && offset >= start && offset < end;
  }
  if (node.kind === 'sequence') return node.items.some((item) => isInEntry(item, line, offset, source));
  if (node.kind !== 'mapping') return false;
  return node.entries.some(({ key, value }) => {
    const isInside = offset >= value.start && offset < value.end;
    if (isInside && source.position(key.start).line === line) return true;
    return isInEntry(value, line, offset, source);
  });
}

/** Rules with several findings in one step, each at a line of its own. */
const BY_LINE = new Set(['template-injection', 'obfuscation', 'adhoc-packages']);

/**
 * Whether a finding is about what the other tool means at a line. It points at the beginning of a step, a job or the
 * whole file where ours points at the line that matters, and the other way round.
 */
export function meansSamePlace(
  finding: Finding,
  { rule, line }: { readonly rule: string; readonly line: number },
  file: ReadFile,
): boolean {
  const { source, definitions } = file;
  if (isAtLine(finding, source.file, line)) return true;
  if (BY_LINE.has(rule)) return false;
  const { line: own, offset } = finding.locations[0].start;
  if (file.documents.some((root) => isInEntry(root, line, offset, source))) return true;
  if (isSameStep(stepLinesOf(file), line, own)) return true;
  const lineOf = (at: number) => source.position(at).line;
  return definitions.some((definition) => {
    if (definition.kind !== 'pipeline') return false;
    const { node, jobs } = definition.pipeline;
    if (lineOf(node.start) === line) return true;
    return jobs.some(({ key, node: { end } }) => {
      const isInside = (each: number) =>
        each >= lineOf(key.start) && each <= lineOf(Math.max(key.start, end - 1));
      const isAtName = own === lineOf(key.start) || line === lineOf(key.start);
      return isAtName && isInside(own) && isInside(line);
    });
  });
}
