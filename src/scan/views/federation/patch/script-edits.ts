import type { Step } from '#pipeline/model.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import { shellLinesOf } from '../../../shared/shell-lines.ts';

/** What is left of a script without some lines. */
export interface ShortenedScript {
  readonly edits: readonly TextEdit[];
  /** Nothing is left to run. */
  readonly empty: boolean;
  /** The text as it will be, for a last look. */
  readonly rest: string;
}

/** Takes whole lines out of a script; `undefined` when it has none of them. */
export function dropLines(step: Step, isDropped: (line: string) => boolean): ShortenedScript | undefined {
  const { work } = step;
  if (work.kind !== 'script') return undefined;
  const lines = shellLinesOf(work.text);
  const dropped = lines.filter(({ code }) => isDropped(code));
  if (dropped.length === 0) return undefined;
  const { value } = work.text;
  const parts: string[] = [];
  let at = 0;
  const edits = dropped.map(({ start, code }): TextEdit => {
    const lineEnd = value.indexOf('\n', start + code.length);
    const end = lineEnd === -1 ? value.length : lineEnd + 1;
    parts.push(value.slice(at, start));
    at = end;
    const first = work.text.span(start, start + 1);
    const last = work.text.span(end - 1, end);
    const { text } = work.text.source;
    // From line start to line start, so that the indentation goes with the line.
    const from = text.lastIndexOf('\n', first.start - 1) + 1;
    const to = text.indexOf('\n', Math.max(first.start, last.start));
    return { start: from, end: to === -1 ? text.length : to + 1, replacement: '' };
  });
  parts.push(value.slice(at));
  const rest = parts.join('');
  return { edits, rest, empty: lines.length === dropped.length };
}
