import type { Step } from '#pipeline/model.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import type { StoredUse } from '../recognise/stored-use.ts';
import { newlineOf } from './mapping-edits.ts';
import { NeedsHand } from './needs-hand.ts';

/** A line of a script as an item of YAML, quoted where it must be. */
export const asItem = (line: string): string =>
  /^[\w./][^:#"'{}[\]&*!|>%@`\n]*$/.test(line) && !line.endsWith(' ')
    ? line
    : `'${line.replaceAll("'", "''")}'`;

/** One item of a list with dashes: its indentation, and its whole lines. */
export function itemLines({ work, job }: Step): { pad: string; start: number; end: number } {
  const { source } = job.pipeline;
  if (work.kind !== 'script') throw new NeedsHand('it is no script');
  const { node } = work.text;
  if (work.text.source !== source) throw new NeedsHand('the script is in another file');
  const start = source.text.lastIndexOf('\n', node.start - 1) + 1;
  const [, pad] = /^(\s*)- *$/.exec(source.text.slice(start, node.start)) ?? [];
  const lineEnd = source.text.indexOf('\n', Math.max(node.start, node.end - 1));
  if (pad === undefined) throw new NeedsHand('the script is not written as a list with dashes');
  return { pad, start, end: lineEnd === -1 ? source.text.length : lineEnd + 1 };
}

/** Lines in front of one item. A line may stand in several jobs by an anchor: then it is theirs, too. */
export function insertItems(step: Step, lines: readonly string[]): TextEdit {
  const { pad, start } = itemLines(step);
  const newline = newlineOf(step.job.pipeline.source);
  const replacement = lines.map((line) => `${pad}- ${asItem(line)}${newline}`).join('');
  return { start, end: start, replacement };
}

/** Of items that several uses share, each once. */
export function stepsOf(uses: readonly StoredUse[]): Step[] {
  return [...new Set(uses.flatMap(({ step }) => step ?? []))].toSorted(
    (left, right) => left.index - right.index,
  );
}
