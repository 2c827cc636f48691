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
  /** What comes right behind it. */
  readonly next?: NewScript;
}

/** A step that runs commands, which are to be written as well. */
export interface NewScript {
  readonly name: string;
  readonly id?: string;
  readonly env: MappingChange['add'];
  readonly lines: readonly string[];
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

/** The same for a script, from behind its dash. */
function renderScript({ name, id, env, lines }: NewScript, indent: number, newline: string): string {
  const pad = ' '.repeat(indent);
  const head: [string, string][] = [['name', name]];
  if (id !== undefined) head.push(['id', id]);
  const text = lines.map((line) => `${pad}  ${line}${newline}`).join('');
  return `${renderEntries(head, indent, newline)}${pad}env:${newline}${renderEntries(env, indent + 2, newline)}${pad}run: |${newline}${text}`;
}

/** A step and what comes behind it, without the first indentation. */
function renderAll(added: NewStep, indent: number, newline: string, item: string): string {
  const text = renderStep(added, indent, newline).trimStart();
  if (added.next === undefined) return text;
  return `${text}${item}${renderScript(added.next, indent, newline).trimStart()}`;
}

/** Indentation and dash of the item that a step is; undefined where the steps are not a list with dashes. */
function itemOf({ text }: SourceText, { node: { start } }: Step): string | undefined {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const item = text.slice(lineStart, start);
  return /^\s*- +$/.test(item) ? item : undefined;
}

/** Puts a step in front of another one; undefined where the steps are not a list with dashes. */
export function insertStepBefore(source: SourceText, step: Step, added: NewStep): TextEdit | undefined {
  const { start } = step.node;
  const item = itemOf(source, step);
  if (item === undefined) return undefined;
  const text = renderAll(added, columnOf(source, start), newlineOf(source), item);
  return { start, end: start, replacement: `${text}${item}` };
}

/** Writes a step in the place of another one. */
export function renderStepAt(source: SourceText, step: Step, end: number, added: NewStep): TextEdit {
  const { start } = step.node;
  const item = itemOf(source, step) ?? `${' '.repeat(Math.max(0, columnOf(source, start) - 2))}- `;
  const text = renderAll(added, columnOf(source, start), newlineOf(source), item).trim();
  return { start, end, replacement: text };
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
