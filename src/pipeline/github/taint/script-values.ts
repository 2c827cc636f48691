import { memoize } from '../../memoize.ts';
import type { Step } from '../../model.ts';
import type { Span } from '../../source.ts';
import { flowsOfPowerShell } from './powershell-flow.ts';
import { isPowerShell, type ScriptLine, scriptLines } from './script-lines.ts';
import { type Flow, flowsOfCommands, flowsOfValue } from './shell-flow.ts';

/** A line of a script that gives a variable its value. */
export interface Assignment extends Span {
  readonly flows: readonly Flow[];
}

/** What a script does with its variables. */
export interface ScriptValues {
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
  /** Variables that are compared with a pattern: what does not fit stops the script. */
  readonly checked: ReadonlySet<string>;
}

const ASSIGNMENT =
  /(?:^|[;&{(]|\b(?:then|do|else)\b)\s*(?:(?:export|local|readonly|declare|typeset)\s+(?:-\w+\s+)?)?([A-Za-z_]\w*)\+?=(.*)$/;
const READ = /\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)\b.*?(<<<|<)\s*(.+)$/;
const READ_CHARS_MAX = 300;
const PATTERN_TEST = /=~|\|\s*e?grep\s+-\w*q/;
const IN_POWERSHELL = /^\s*\$(\w+)\s*=\s*(.*)$/;
const GET_CONTENT = /\bGet-Content\s+(?:-(?:Path|Raw)\s+)*["']?([\w./\\-]+)/i;
const NONE: ScriptValues = { assignments: new Map(), checked: new Set() };

/** `while read -r X; do … done < file`: each line in its turn. */
const LOOP = /\bwhile\b.{0,80}\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)/;
const LOOP_END = /^\s*done\s*<\s*(\S.*)$/;

interface Loop extends Span {
  readonly name: string;
}

/** What a loop reads that is piped into it, or handed over at its end. */
function readLoops(lines: readonly ScriptLine[]): { name: string; assignment: Assignment }[] {
  const open: Loop[] = [];
  return lines.flatMap(({ text, start, end }) => {
    const match = LOOP.exec(text.slice(0, READ_CHARS_MAX));
    const name = match?.[1];
    if (match !== null && name !== undefined) {
      open.push({ name, start, end });
      const flows = flowsOfCommands(text.slice(0, match.index)).map(asLine);
      return flows.length === 0 ? [] : [{ name, assignment: { start, end, flows } }];
    }
    const file = text.includes('done') ? LOOP_END.exec(text.slice(0, READ_CHARS_MAX))?.[1] : undefined;
    const loop = file === undefined ? undefined : open.pop();
    if (loop === undefined) return [];
    const flows = flowsOfValue(`$(<${file ?? ''})`).map(asLine);
    return [{ name: loop.name, assignment: { start: loop.start, end: loop.end, flows } }];
  });
}

function asLine(flow: Flow): Flow {
  return { ...flow, effect: 'one-line' };
}

function readPosix(text: string): { name: string; flows: readonly Flow[] } | undefined {
  const [, name, value] = ASSIGNMENT.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { name, flows: flowsOfValue(value) };
  const [, target, operator, source = ''] =
    (text.includes('<') ? READ.exec(text.slice(0, READ_CHARS_MAX)) : null) ?? [];
  if (target === undefined) return undefined;
  const flows = flowsOfValue(operator === '<' ? `$(<${source})` : source);
  // It reads one line.
  return { name: target, flows: flows.map(asLine) };
}

function readPowerShell(text: string): { name: string; flows: readonly Flow[] } | undefined {
  const [, name, value] = IN_POWERSHELL.exec(text) ?? [];
  if (name === undefined || value === undefined) return undefined;
  const file = GET_CONTENT.exec(value)?.[1];
  if (file === undefined) return { name, flows: flowsOfPowerShell(value) };
  // Lines of a file are joined with spaces when they become a text again.
  const effect = /-Raw\b/i.test(value) ? 'passes' : 'one-line';
  return { name, flows: [{ origin: { kind: 'file', file }, effect, start: 0, leads: true }] };
}

function readValues(lines: readonly ScriptLine[], inPowerShell: boolean): ScriptValues {
  const assignments = new Map<string, Assignment[]>();
  const checked = new Set<string>();
  const assign = (name: string, assignment: Assignment): void => {
    const before = assignments.get(name);
    if (before === undefined) assignments.set(name, [assignment]);
    else before.push(assignment);
  };
  for (const { name, assignment } of inPowerShell ? [] : readLoops(lines)) assign(name, assignment);
  for (const { text, start, end } of lines) {
    if (/^\s*#/.test(text)) continue;
    const found = inPowerShell ? readPowerShell(text) : readPosix(text);
    if (found !== undefined) assign(found.name, { start, end, flows: found.flows });
    if (!PATTERN_TEST.test(text)) continue;
    for (const match of text.matchAll(/\$\{?([A-Za-z_]\w*)/g)) checked.add(match[1] ?? '');
  }
  return { assignments, checked };
}

/** The language depends on the step; a script belongs to one. */
const readOnce = memoize((step: Step): ScriptValues => {
  if (step.work.kind !== 'script') return NONE;
  return readValues(scriptLines(step.work), isPowerShell(step));
});

export function valuesOf(step: Step): ScriptValues {
  return step.work.kind === 'script' ? readOnce(step) : NONE;
}
