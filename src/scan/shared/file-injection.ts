import { type CommandFile, type FileWrite, findFileWrites } from '#pipeline/github/taint/command-files.ts';
import type { Flow } from '#pipeline/github/taint/shell-flow.ts';
import type { Script, Step } from '#pipeline/model.ts';
import type { Hop, Taint } from '#pipeline/taint.ts';
import type { Report, RuleContext } from '../rule.ts';
import { isOpen } from './outsider-taint.ts';
import { locateLine } from './shell-script.ts';
import { worstOf } from './shell-taint.ts';

/** A write into a file of the platform's that carries more than its author thinks. */
export interface FileInjection {
  readonly script: Script;
  readonly write: FileWrite;
  readonly taint: Taint;
  readonly flow: Flow;
  /** What carries it, in words. */
  readonly carrier: string;
  readonly privileged: boolean;
}

/** Whether a value of that kind at that place is more than the value of one name. */
export type Escapes = (taint: Taint, flow: Flow, write: FileWrite) => boolean;

/** With line breaks that nothing takes away, a value goes on as names and values of its own. */
export const escapesItsLine: Escapes = (taint, flow, write) => {
  if (write.fenced) return false;
  const isLine = write.name === undefined && write.within === undefined;
  return taint.lines || (isLine && flow.leads);
};

/** The runner takes commands that change later steps from what is printed only when it is told to. */
function takesPrinted(step: Step, file: CommandFile): boolean {
  if (file === 'GITHUB_OUTPUT') return true;
  const { env, job } = step;
  return [...env, ...job.env, ...job.pipeline.env].some(
    ({ name, value }) =>
      name === 'ACTIONS_ALLOW_UNSECURE_COMMANDS' && /^(?:1|true)$/i.test(value?.value ?? ''),
  );
}

function carrierOf({ origin }: Flow, taint: Taint): string {
  return origin.kind === 'variable' ? `\`$${origin.name}\` (${taint.origin})` : taint.origin;
}

/** Writes of a step by which outsiders say something to the platform. */
export function findInjections(
  step: Step,
  file: CommandFile,
  escapes: Escapes,
  context: RuleContext,
): FileInjection[] {
  if (step.work.kind !== 'script') return [];
  const script = step.work;
  return findFileWrites(step, file).flatMap((write): FileInjection[] => {
    if (write.printed && !takesPrinted(step, file)) return [];
    const found = write.flows.flatMap((flow) =>
      context
        .taintsOfFlow(flow, step)
        .filter((taint) => isOpen(taint, step, context) && escapes(taint, flow, write))
        .map((taint) => ({ flow, taint })),
    );
    const escaping = found.filter((each) => escapesItsLine(each.taint, each.flow, write));
    const taint = worstOf((escaping.length > 0 ? escaping : found).map((each) => each.taint));
    const flow = found.find((each) => each.taint === taint)?.flow;
    if (taint === undefined || flow === undefined) return [];
    const privileged = taint.authority === 'full';
    return [{ script, write, taint, flow, carrier: carrierOf(flow, taint), privileged }];
  });
}

/** What all findings of this kind have in common. */
export function draftReport(
  { script, write, taint }: FileInjection,
  file: CommandFile,
): Pick<Report, 'at' | 'confidence' | 'path' | 'key'> {
  const span = locateLine(script, write.line);
  const end: Hop = { label: `written to ${file}`, source: script.text.source, span };
  return {
    at: span,
    confidence: taint.certainty === 'certain' ? 'high' : 'medium',
    path: taint.hops.length === 0 ? [] : [...taint.hops, end],
    key: write.line.text.trim(),
  };
}

/** Whether anything runs afterwards: a step, what an action does at the end, or the job that uses this action. */
export function hasSuccessor({ job, index }: Step): boolean {
  if (job.pipeline.kind === 'action') return true;
  return job.steps.length > index + 1 || job.steps.some(({ work }) => work.kind === 'action');
}
