import { type Download, isInWorkspace, normalizeFolder } from '#pipeline/github/taint/artifact-downloads.ts';
import { wipesWorkspace } from '#pipeline/github/taint/untrusted-files.ts';
import type { Script, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { findExecution, inputOf } from './foreign-code.ts';

const SCRIPT_CHARS_MAX = 50_000;

/** A later step that runs something of the files of another run. */
export interface Consequence {
  readonly span: Span;
  readonly what: string;
  /** False where another file of the same name has to be overwritten first. */
  readonly certain: boolean;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function runsFrom(script: Script, folder: string): Span | undefined {
  const inside = `["']?(?:\\./)?${escape(folder)}/`;
  const start = '(?:^|[;&|(]|\\bthen\\b)[ \\t]*';
  const program = '(?:(?:ba|z|da)?sh|python3?|node|ruby|perl|php|source|\\.|sudo|chmod \\+x)[ \\t]+';
  const pattern = new RegExp(`${start}(?:${program})?${inside}\\S*`, 'm');
  const match = pattern.exec(script.text.value);
  if (match === null || match[0].trim() === '') return undefined;
  const skipped = match[0].length - match[0].trimStart().length;
  return script.text.span(match.index + skipped, match.index + match[0].length);
}

/** Loads code from the workspace in the step's own language. */
const LOADS_LOCAL =
  /\b(?:require|import)\s*\(\s*[`'"](?:\.{1,2}\/|\$\{\s*(?:process\.env\.GITHUB_WORKSPACE))/;

/** `cd folder`, `make -C folder`, `npm --prefix folder`: what runs then is found as in a checkout. */
function worksIn(script: Script, folder: string): boolean {
  const named = `["']?(?:\\./)?${escape(folder)}/?["']?(?=[\\s;&|]|$)`;
  return new RegExp(`(?:\\bcd|\\s-C|--prefix|--cwd|--dir)[ =]${named}`, 'm').test(script.text.value);
}

/** Programs that take their own program from a file: `sed -f rules`. */
const TAKES_PROGRAM =
  /\b(?:sed|g?awk|jq)\s(?:[^|;&\n]{0,200}\s)?(?:-f|--(?:from-)?file)[= ]?["']?([\w./-]{1,200})/g;

function findProgramFile({ text }: Script, folder: string): Span | undefined {
  for (const match of text.value.slice(0, SCRIPT_CHARS_MAX).matchAll(TAKES_PROGRAM)) {
    const file = normalizeFolder(match[1] ?? '');
    const inside = folder === '' ? isInWorkspace(file) : file.startsWith(`${folder}/`);
    if (inside) return text.span(match.index, match.index + match[0].length);
  }
  return undefined;
}

function findRun(step: Step, folder: string): Consequence | undefined {
  const { work } = step;
  const program = work.kind === 'script' ? findProgramFile(work, folder) : undefined;
  if (program !== undefined)
    return { span: program, what: 'takes a program from the artifact', certain: true };
  const made = (span: Span, what: string, certain: boolean): Consequence => ({
    span,
    what,
    certain,
  });
  if (folder !== '') {
    const direct = work.kind === 'script' ? runsFrom(work, folder) : undefined;
    if (direct !== undefined) return made(direct, 'runs a file of the artifact', true);
    const inside = work.kind === 'script' && worksIn(work, folder) ? findExecution(step) : undefined;
    if (inside !== undefined) return made(inside.span, `${inside.what} of the artifact`, true);
    const local = work.kind === 'action' && work.reference.kind === 'local' && work.reference.path;
    return local === folder ? made(step.node, 'runs an action of the artifact', true) : undefined;
  }
  const execution = findExecution(step);
  if (execution !== undefined)
    return made(execution.span, `${execution.what}, which the artifact can bring`, false);
  if (work.kind !== 'action' || work.reference.repository !== 'actions/github-script') return undefined;
  return LOADS_LOCAL.test(inputOf(work, 'script') ?? '')
    ? made(work.text.node, 'loads a script that the artifact can overwrite', false)
    : undefined;
}

/** The first thing after the download that runs something of it. */
export function findConsequence({ step, folder, span }: Download): Consequence | undefined {
  if (!isInWorkspace(folder)) return undefined;
  for (const later of step.job.steps.slice(step.index)) {
    if (wipesWorkspace(later)) return undefined;
    const run = later === step && step.work.kind !== 'script' ? undefined : findRun(later, folder);
    if (run !== undefined && run.span.start > span.start) return run;
  }
  return undefined;
}
