import type { Script } from '../../model.ts';
import type { Span } from '../../source.ts';
import type { Expression } from '../../text.ts';
import { findShellSources, type ShellSource } from './shell-sources.ts';

/** The lines of a script that give a name its value in `$GITHUB_OUTPUT` or `$GITHUB_ENV`. */
export interface ScriptWrite {
  readonly expressions: readonly Expression[];
  /** Environment and shell variables read there. */
  readonly variables: readonly string[];
  /** What those lines read from outside. */
  readonly sources: readonly ShellSource[];
}

const LINES_MAX = 5_000;
const ASSIGNMENT = /^\s*(?:export\s+|local\s+|readonly\s+)?([A-Za-z_]\w*)=(.*)$/;
const VARIABLE = /\$\{?([A-Za-z_]\w*)|\$env:([A-Za-z_]\w*)/g;

interface Line extends Span {
  readonly text: string;
}

function splitLines(value: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const text of value.split('\n', LINES_MAX)) {
    lines.push({ text, start, end: start + text.length });
    start += text.length + 1;
  }
  return lines;
}

function variablesIn(text: string): string[] {
  return [...text.matchAll(VARIABLE)].flatMap((match) => match[1] ?? match[2] ?? []);
}

function escapeName(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Lines that write `name`, heredocs with all their lines. */
function linesThatWrite(lines: readonly Line[], file: string, name: string): Line[] {
  const writes = new RegExp(`(?:^|[\\s"'\`({;])${escapeName(name)}(?:=|<<)|name=${escapeName(name)}::`);
  const mentionsFile = lines.some((line) => line.text.includes(file) || line.text.includes('::set-'));
  if (!mentionsFile) return [];
  const found: Line[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined || !writes.test(line.text)) continue;
    // A plain assignment is a shell variable, unless a block redirects it.
    if (ASSIGNMENT.test(line.text) && !line.text.includes(file)) continue;
    found.push(line);
    const delimiter = new RegExp(`${escapeName(name)}<<(?:"|')?(\\w+)`).exec(line.text)?.[1];
    if (delimiter === undefined) continue;
    for (index += 1; index < lines.length; index += 1) {
      const inner = lines[index];
      if (inner === undefined || new RegExp(`(?:^|[\\s"'])${delimiter}\\b`).test(inner.text)) break;
      found.push(inner);
    }
  }
  return found;
}

/** Follows shell assignments back to what they were made of. */
function withAssignments(lines: readonly Line[], start: readonly Line[]): Line[] {
  const all = new Set(start);
  const wanted = new Set(start.flatMap((line) => variablesIn(line.text)));
  for (const line of lines.toReversed()) {
    const [, name, value] = ASSIGNMENT.exec(line.text) ?? [];
    if (name === undefined || value === undefined || !wanted.has(name) || all.has(line)) continue;
    all.add(line);
    for (const variable of variablesIn(value)) wanted.add(variable);
  }
  return [...all];
}

/** What a script puts into an output or an environment variable; undefined when it does not write it. */
export function findScriptWrite(
  script: Script,
  file: 'GITHUB_OUTPUT' | 'GITHUB_ENV',
  name: string,
): ScriptWrite | undefined {
  const { text } = script;
  const lines = splitLines(text.value);
  const writing = linesThatWrite(lines, file, name);
  if (writing.length === 0) return undefined;
  const relevant = withAssignments(lines, writing);
  const within = (expression: Expression) =>
    relevant.some((line) => expression.outer.start >= line.start && expression.outer.start < line.end);
  return {
    expressions: text.expressions.filter(within),
    variables: [...new Set(relevant.flatMap((line) => variablesIn(line.text)))],
    sources: relevant.flatMap((line) => findShellSources(line.text)),
  };
}
