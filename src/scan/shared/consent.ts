import { pathOf, walkExpression } from '#pipeline/expression.ts';
import { answersAboutRights, asksAboutRights, endsRunWithoutRights } from '#pipeline/github/right-checks.ts';
import { type Assumption, evaluateGuard } from '#pipeline/guard.ts';
import type { Guard, Job, Step } from '#pipeline/model.ts';
import { neededBy } from '#pipeline/needed-jobs.ts';

/** Somebody of the project has to say yes before the step runs. */
export interface Consent {
  readonly kind: 'label' | 'check' | 'environment';
  /** Completes “not the one that … allowed”. */
  readonly what: string;
}

const TEXT_CHARS_MAX = 50_000;
const STEPS_MAX = 200;

function textsOf({ work }: Step): string[] {
  if (work.kind === 'script') return [work.text.value.slice(0, TEXT_CHARS_MAX)];
  if (work.kind !== 'action') return [];
  return work.inputs.map(({ value }) => value?.value.slice(0, TEXT_CHARS_MAX) ?? '');
}

const REFUSES = /\bexit\s+[1-9]|\bsetFailed\b|\bthrow\b/;

/** Whether a step stops people without rights: by itself, or because conditions ask for its answer. */
function checksRights(step: Step, guards: readonly (Guard | undefined)[]): boolean {
  const { work, id, job } = step;
  if (work.kind === 'action' && endsRunWithoutRights(work)) return true;
  const answers = work.kind === 'action' && answersAboutRights(work);
  if (!answers && !textsOf(step).some(asksAboutRights)) return false;
  if (textsOf(step).some((text) => REFUSES.test(text))) return true;
  const outputs = [`steps.${id?.toLowerCase() ?? ''}.`, `needs.${job.id.toLowerCase()}.`];
  const all = [...guards, ...job.steps.slice(0, STEPS_MAX).map(({ guard }) => guard)];
  return all.some((guard) => mentions(guard, (path) => outputs.some((each) => path.startsWith(each))));
}

function mentions(guard: Guard | undefined, test: (path: string) => boolean): boolean {
  const parsed = guard?.expression?.parsed;
  if (parsed?.ok !== true) return false;
  return [...walkExpression(parsed.root)].some((node) => test(pathOf(node) ?? ''));
}

const nothingKnown: Assumption = () => undefined;
const LABEL = /^github\.event\.(?:label|pull_request\.labels|issue\.labels)\b/;

/** Knows that no label is there, and nothing else but what is known anyway. */
function withoutLabels(assume: Assumption): Assumption {
  return (path) => {
    if (!LABEL.test(path)) return assume(path);
    return path.includes('.labels') ? { list: [] } : { oneOf: [''] };
  };
}

const COMPARES = new Set(['contains', 'startswith', 'endswith', 'fromjson']);

/** A label goes into something that is not followed here: `join`, `toJSON`. */
function hidesLabel(guard: Guard | undefined): boolean {
  const parsed = guard?.expression?.parsed;
  if (parsed?.ok !== true) return false;
  const calls = [...walkExpression(parsed.root)].filter(
    (node) => node.kind === 'call' && !COMPARES.has(node.name.toLowerCase()),
  );
  return calls.some((call) => [...walkExpression(call)].some((node) => LABEL.test(pathOf(node) ?? '')));
}

/** Nothing runs until a label is there; `!contains(…, 'skip')` lets in what nobody has looked at. */
function asksForLabel(guard: Guard | undefined, assume: Assumption): boolean {
  if (!mentions(guard, (path) => LABEL.test(path))) return false;
  const truth = evaluateGuard(guard, withoutLabels(assume));
  return truth === 'false' || (truth === 'unknown' && hidesLabel(guard));
}

/** A workflow of others that is called to decide whether the rest may run; a guess by its name. */
const NAMED_LIKE_CHECK =
  /(?:^|\/)(?:check|verify|validate)[_-](?:run|permissions?|actor|author|users?|members?|collaborator)|authori[sz]|approv|permission/;

function isCheck({ call, environment, steps }: Job, waiting: Job): boolean {
  if (call !== undefined) return NAMED_LIKE_CHECK.test(call.reference.path);
  return (
    environment !== undefined || steps.slice(0, STEPS_MAX).some((step) => checksRights(step, [waiting.guard]))
  );
}

/** Who has to say yes before a job runs. */
export function findJobConsent(job: Job, assume: Assumption = nothingKnown): Consent | undefined {
  const needed = neededBy(job);
  if ([job, ...needed].some(({ guard }) => asksForLabel(guard, assume)))
    return { kind: 'label', what: 'the label' };
  // A job that others wait for, and that has an environment, is there for its reviewers.
  if (needed.some((each) => isCheck(each, job))) return { kind: 'check', what: 'the check before it' };
  return job.environment === undefined
    ? undefined
    : { kind: 'environment', what: 'a reviewer of the environment' };
}

/** Steps that come before this one for certain. */
function stepsBefore({ job, index }: Step): Step[] {
  const needed = neededBy(job).flatMap(({ steps }) => steps.slice(0, STEPS_MAX));
  return [...needed, ...job.steps.slice(0, Math.min(index, STEPS_MAX))];
}

/** Who has to say yes before a step runs, as conditions and earlier steps show; `assume` is known of the event. */
export function findConsent(step: Step, assume: Assumption = nothingKnown): Consent | undefined {
  if (asksForLabel(step.guard, assume)) return { kind: 'label', what: 'the label' };
  const own = step.job.steps.slice(0, Math.min(step.index, STEPS_MAX));
  const guards = [step.guard, step.job.guard];
  if (own.some((earlier) => checksRights(earlier, guards)))
    return { kind: 'check', what: 'the check of rights' };
  return findJobConsent(step.job, assume);
}

const NEWER_THAN_COMMENT = /\bcomment\.created_at\b/i;

/** Whether an earlier step refuses what was pushed after the comment that started the run. */
export function refusesLaterPushes(step: Step): boolean {
  return stepsBefore(step).some((earlier) => {
    const texts = textsOf(earlier);
    const given = earlier.env.map(({ value }) => value?.value ?? '');
    return (
      [...texts, ...given].some((text) => NEWER_THAN_COMMENT.test(text)) &&
      texts.some((text) => REFUSES.test(text))
    );
  });
}
