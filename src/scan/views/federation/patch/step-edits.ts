import type { SourceText } from '#pipeline/source.ts';
import type { Step } from '#pipeline/model.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import { columnOf, type MappingChange, newlineOf, renderEntries } from './mapping-edits.ts';

/** A step of GitHub Actions that is to be written. */
export interface NewStep {
  readonly name?: string;
  readonly id?: string;
  readonly uses: string;
  readonly with: MappingChange['add'];
}

function renderStep({ name, id, uses, with: inputs }: NewStep, indent: number, newline: string): string {
  const head: [string, string][] = [];
  if (name !== undefined) head.push(['name', name]);
  if (id !== undefined) head.push(['id', id]);
  head.push(['uses', uses]);
  const body = renderEntries(head, indent, newline);
  if (inputs.length === 0) return body;
  return `${body}${' '.repeat(indent)}with:${newline}${renderEntries(inputs, indent + 2, newline)}`;
}

/** Puts a step in front of another one; undefined where the steps are not a list with dashes. */
export function insertStepBefore(source: SourceText, step: Step, added: NewStep): TextEdit | undefined {
  const { start } = step.node;
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const [, pad, gap] = /^(\s*)-( +)$/.exec(source.text.slice(lineStart, start)) ?? [];
  if (pad === undefined || gap === undefined) return undefined;
  const text = renderStep(added, columnOf(source, start), newlineOf(source)).trimStart();
  return { start, end: start, replacement: `${text}${pad}-${gap}` };
}

/** Writes a step in the place of another one. */
export function renderStepAt(source: SourceText, { node }: Step, end: number, added: NewStep): TextEdit {
  const text = renderStep(added, columnOf(source, node.start), newlineOf(source)).trim();
  return { start: node.start, end, replacement: text };
}

/** A block scalar at the end of a step takes its last line break with it. */
export function endOfStep({ node, job }: Step): number {
  const { text } = job.pipeline.source;
  return text.slice(node.start, node.end).trimEnd().length + node.start;
}

/** Takes a step out; undefined where it is the only one, or not a line of a list. */
export function removeStep(step: Step): TextEdit | undefined {
  const { text } = step.job.pipeline.source;
  const start = text.lastIndexOf('\n', step.node.start - 1) + 1;
  if (step.job.steps.length < 2 || !/^\s*- +$/.test(text.slice(start, step.node.start))) return undefined;
  const lineEnd = text.indexOf('\n', endOfStep(step));
  return { start, end: lineEnd === -1 ? text.length : lineEnd + 1, replacement: '' };
}
