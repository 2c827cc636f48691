import { memoize } from '#pipeline/memoize.ts';
import type { Script, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';

/** A line of a script, at its place in the script's text. */
export interface ShellLine extends Span {
  readonly text: string;
}

/** A variable that a line reads. */
export interface VariableUse {
  readonly name: string;
  /** In the line. */
  readonly start: number;
  readonly end: number;
  readonly quoting: 'none' | 'double';
}

const LINES_MAX = 5_000;
const LINE_MAX = 2_000;

/** Lines as they stand, comments too. */
export const linesOf = memoize((script: Script): readonly ShellLine[] => {
  const lines: ShellLine[] = [];
  let start = 0;
  for (const text of script.text.value.split('\n', LINES_MAX)) {
    lines.push({ text: text.slice(0, LINE_MAX), start, end: start + text.length });
    start += text.length + 1;
  }
  return lines;
});

/** The line without its indentation, as a place in the file. */
export function locateLine(script: Script, line: ShellLine): Span {
  const indent = line.text.length - line.text.trimStart().length;
  return script.text.span(line.start + indent, line.start + line.text.trimEnd().length);
}

const NAME = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/;

/** Variables that the shell puts in as they are; `${X//a/b}` and its like change them, and are left out. */
export function variablesIn(line: string): VariableUse[] {
  if (!line.includes('$')) return [];
  const found: VariableUse[] = [];
  let quoting: VariableUse['quoting'] = 'none';
  let single = false;
  for (let index = 0; index < line.length; index += 1) {
    const char = line.charAt(index);
    if (single) single = char !== "'";
    else if (char === '\\') index += 1;
    else if (char === '"') quoting = quoting === 'double' ? 'none' : 'double';
    else if (char === "'" && quoting === 'none') single = true;
    else if (char === '#' && quoting === 'none' && /(?:^|\s)$/.test(line.slice(0, index))) break;
    else if (char === '$') {
      const match = NAME.exec(line.slice(index, index + 100));
      const name = match?.[1] ?? match?.[2];
      if (match === null || name === undefined) continue;
      found.push({ name, start: index, end: index + match[0].length, quoting });
      index += match[0].length - 1;
    }
  }
  return found;
}

/** The script of a step that a POSIX shell reads; other shells have other rules. */
export function posixScriptOf(step: Step): Script | undefined {
  if (step.work.kind !== 'script') return undefined;
  const { shell } = step.work;
  if (shell !== undefined) return /^(?:ba|z|da)?sh\b/.test(shell.value) ? step.work : undefined;
  const windows = step.job.runner?.labels.some(({ value }) => /^windows/i.test(value)) ?? false;
  return windows ? undefined : step.work;
}
