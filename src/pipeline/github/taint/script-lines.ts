import type { Script, Step } from '../../model.ts';
import type { Span } from '../../source.ts';

/** A line of a script, at its place in the script’s text; lines that end in a backslash are one. */
export interface ScriptLine extends Span {
  readonly text: string;
}

const LINES_MAX = 5_000;
const LINE_MAX = 2_000;

export function scriptLines(script: Script): ScriptLine[] {
  const lines: ScriptLine[] = [];
  const parts = script.text.value.split('\n', LINES_MAX);
  let start = 0;
  for (let index = 0; index < parts.length; index += 1) {
    const joined = [parts[index] ?? ''];
    while (joined.at(-1)?.endsWith('\\') === true && index + 1 < parts.length) {
      index += 1;
      joined.push(parts[index] ?? '');
    }
    // As long as what it stands for, so that places stay what they are.
    const text = joined
      .map((part, at) => (at + 1 < joined.length ? `${part.slice(0, -1)}  ` : part))
      .join('');
    lines.push({ text: text.slice(0, LINE_MAX), start, end: start + text.length });
    start += text.length + 1;
  }
  return lines;
}

export function isPowerShell(step: Step): boolean {
  if (step.work.kind !== 'script') return false;
  const { shell } = step.work;
  if (shell !== undefined) return /\b(?:pwsh|powershell)\b/i.test(shell.value);
  return step.job.runner?.labels.some(({ value }) => /^windows/i.test(value)) ?? false;
}
