import type { Script, Step } from '#pipeline/model.ts';
import type { Hop, Taint } from '#pipeline/taint.ts';
import type { Report, RuleContext } from '../rule.ts';
import { type CommandFile, type FileWrite, findFileWrites } from './command-files.ts';
import { hasLines } from './outsider-taint.ts';
import {
  isCleaned,
  linesOf,
  locateLine,
  posixScriptOf,
  type VariableUse,
  variablesIn,
} from './shell-script.ts';
import { ShellTaint, worstOf } from './shell-taint.ts';
import { findFileRead, findUntrustedFiles } from './untrusted-files.ts';

/** A write into a file of the platform's that carries more than its author thinks. */
interface FileInjection {
  readonly script: Script;
  readonly write: FileWrite;
  /** What carries it, in words. */
  readonly carrier: string;
  readonly privileged: boolean;
  /** False when what a file holds was guessed. */
  readonly certain: boolean;
  readonly path: readonly Hop[];
}

/** Whether a value of that kind at that place is more than the value of one name. */
type Escapes = (taint: Taint, use: VariableUse, write: FileWrite) => boolean;

/** With line breaks that nothing takes away, a value goes on as names and values of its own. */
export const escapesItsLine: Escapes = (taint, use, write) => {
  if (write.fenced) return false;
  const before = write.payload.slice(0, use.start);
  const isLine = write.name === undefined && write.within === undefined;
  if (isLine && /^\s*(?:echo|printf)\s+(?:-\w+\s+)*["']?$/.test(before)) return true;
  // Without quotes the shell makes spaces of line breaks.
  return hasLines(taint) && use.quoting === 'double';
};

function hopTo(script: Script, write: FileWrite, file: CommandFile): Hop {
  return {
    label: `written to ${file}`,
    source: script.text.source,
    span: locateLine(script, write.line),
  };
}

function fromVariable(
  write: FileWrite,
  taint: ShellTaint,
  escapes: Escapes,
): { use: VariableUse; taint: Taint } | undefined {
  for (const use of variablesIn(write.payload)) {
    const worst = worstOf(taint.ofVariable(use.name).filter((each) => escapes(each, use, write)));
    if (worst !== undefined) return { use, taint: worst };
  }
  return undefined;
}

/** The file that a write carries on: at once, or through a variable that was made of it. */
function fileBehind(write: FileWrite, taints: ShellTaint): string | undefined {
  const direct = findFileRead(write.payload);
  if (direct !== undefined) return direct;
  for (const use of variablesIn(write.payload)) {
    if (use.quoting !== 'double' || taints.isChecked(use.name)) continue;
    // An assignment splits no words: as between quotes.
    for (const value of taints.valuesOf(use.name)) {
      const read = isCleaned(value) ? undefined : findFileRead(`"${value.replace(/^"|"$/g, '')}"`);
      if (read !== undefined) return read;
    }
  }
  return undefined;
}

function fromFile(
  write: FileWrite,
  taints: ShellTaint,
  script: Script,
  step: Step,
  file: CommandFile,
  context: RuleContext,
): FileInjection | undefined {
  const read = write.fenced ? undefined : fileBehind(write, taints);
  const files = read === undefined ? undefined : findUntrustedFiles(step, context);
  if (read === undefined || files === undefined) return undefined;
  const { source } = script.text;
  const origin: Hop = { label: `${files.what} comes in`, source, span: files.step.node };
  return {
    script,
    write,
    carrier: `the file ${read} (${files.what})`,
    privileged: true,
    certain: false,
    path: [origin, hopTo(script, write, file)],
  };
}

/** Writes of a step by which outsiders say something to the platform. */
export function findInjections(
  step: Step,
  file: CommandFile,
  escapes: Escapes,
  context: RuleContext,
): FileInjection[] {
  const script = posixScriptOf(step);
  if (script === undefined || !script.text.value.includes(file)) return [];
  const lines = linesOf(script);
  const taints = new ShellTaint(step, lines, context);
  return findFileWrites(lines, file).flatMap((write): FileInjection[] => {
    const found = fromVariable(write, taints, escapes);
    if (found === undefined) {
      const read = fromFile(write, taints, script, step, file, context);
      return read === undefined ? [] : [read];
    }
    const { taint, use } = found;
    return [
      {
        script,
        write,
        carrier: `\`$${use.name}\` (${taint.origin})`,
        privileged: taint.authority === 'full',
        certain: taint.certainty === 'certain',
        path: [...taint.hops, hopTo(script, write, file)],
      },
    ];
  });
}

/** What all findings of this kind have in common. */
export function draftReport(injection: FileInjection): Pick<Report, 'at' | 'confidence' | 'path' | 'key'> {
  const { script, write, certain, path } = injection;
  return {
    at: locateLine(script, write.line),
    confidence: certain ? 'high' : 'medium',
    path: path.length > 1 ? path : [],
    key: write.line.text.trim(),
  };
}

/** Whether anything runs in the job afterwards: a step, or what an action does at the end. */
export function hasSuccessor(step: Step): boolean {
  const { steps } = step.job;
  return steps.length > step.index + 1 || steps.some(({ work }) => work.kind === 'action');
}
