import { hasMemberActivitiesOnly } from '#pipeline/github/outsider.ts';
import { evaluateGuard, evaluateJob, type Truth } from '#pipeline/guard.ts';
import type { Guard, Job, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import { findConsent, findJobConsent } from '../../shared/consent.ts';
import { describeAuthority, followsMembersOnly } from '../../shared/job-authority.ts';
import { type ActorKind, actors, assumeActor, isWithoutRights } from './actors.ts';
import { decidingPart, passedParts, type Reason } from './reasons.ts';

/** `waits`: somebody of the project has to say yes first. */
export type Passage = 'yes' | 'no' | 'maybe' | 'waits';

export interface EventRow {
  readonly event: string;
  readonly passages: Readonly<Record<ActorKind, Passage>>;
}

/** Whether something that stands before a job or a step keeps strangers out. */
export interface JudgedGuard {
  readonly subject: string;
  readonly place: string;
  /** As written; empty for an environment alone. */
  readonly condition: string;
  readonly environment: string | undefined;
  /** What is behind it. */
  readonly authority: string;
  /** For people without rights: what the worst row says. */
  readonly outsiders: Passage;
  readonly rows: readonly EventRow[];
  readonly reasons: readonly Reason[];
}

const CONDITION_CHARS_MAX = 200;
const NAME_CHARS_MAX = 80;
const ONLY_STATUS =
  /^(?:\$\{\{)?[\s!&|()]*(?:(?:always|success|failure|cancelled)\s*\(\s*\)[\s!&|()]*)+(?:\}\})?$/;
const PASSAGES: readonly Passage[] = ['no', 'waits', 'maybe', 'yes'];
const WORDS: Readonly<Record<Truth, Passage>> = { true: 'yes', false: 'no', unknown: 'maybe' };

interface Guarded {
  readonly job: Job;
  readonly step: Step | undefined;
  readonly guard: Guard | undefined;
}

function isWorthJudging({ value }: Guard['text']): boolean {
  return value.length <= 2_000 && !ONLY_STATUS.test(value.trim());
}

function guardedIn(job: Job): Guarded[] {
  const own = job.guard !== undefined && isWorthJudging(job.guard.text) ? job.guard : undefined;
  const steps = job.steps.flatMap((step): Guarded[] =>
    step.guard !== undefined && isWorthJudging(step.guard.text) ? [{ job, step, guard: step.guard }] : [],
  );
  const asJob =
    own !== undefined || job.environment !== undefined ? [{ job, step: undefined, guard: own }] : [];
  return [...asJob, ...steps];
}

/** Events that a stranger causes, and that come with secrets and a token that can write. */
function openEvents(job: Job, repository: Repository): readonly Trigger[] {
  return job.pipeline.triggers.filter(
    (trigger) =>
      isOutsider(trigger.firedBy) &&
      trigger.authority === 'full' &&
      !(trigger.event === 'workflow_run' && followsMembersOnly(trigger, repository)),
  );
}

function judgePassage({ job, step }: Guarded, trigger: Trigger, actor: ActorKind): Passage {
  const stranger = isWithoutRights(actor);
  if (stranger && hasMemberActivitiesOnly(trigger)) return 'no';
  const assume = assumeActor(actor, trigger.event);
  const [whole, own] = [evaluateJob(job, assume), evaluateGuard(step?.guard, assume)];
  if (whole === 'false' || own === 'false') return 'no';
  const consent = step === undefined ? findJobConsent(job, assume) : findConsent(step, assume);
  if (consent?.kind === 'environment' || (consent !== undefined && (stranger || actor === 'bot')))
    return 'waits';
  return whole === 'unknown' ? 'maybe' : WORDS[own];
}

function judgeEvent(guarded: Guarded, trigger: Trigger): EventRow {
  const judge = (actor: ActorKind) => judgePassage(guarded, trigger, actor);
  return {
    event: trigger.event,
    passages: {
      outsider: judge('outsider'),
      'first-time': judge('first-time'),
      contributor: judge('contributor'),
      triager: judge('triager'),
      member: judge('member'),
      bot: judge('bot'),
    },
  };
}

function worstOf(rows: readonly EventRow[]): Passage {
  const all = rows.flatMap(({ passages }) => actors.filter(isWithoutRights).map((actor) => passages[actor]));
  return all.reduce<Passage>(
    (worst, each) => (PASSAGES.indexOf(each) > PASSAGES.indexOf(worst) ? each : worst),
    'no',
  );
}

function reasonsFor({ guard, job, step }: Guarded, events: readonly Trigger[], outsiders: Passage): Reason[] {
  const reasons: Reason[] = [];
  for (const { event } of events) {
    const assume = assumeActor('contributor', event);
    for (const each of [job.guard, ...(step === undefined ? [] : [guard])]) {
      if (each === undefined) continue;
      const deciding = decidingPart(each, assume);
      if (deciding !== undefined) reasons.push(deciding);
      else if (outsiders !== 'no') reasons.push(...passedParts(each, assume));
    }
  }
  if (events.every(hasMemberActivitiesOnly))
    reasons.push({ part: 'types:', why: 'only somebody with triage rights makes these happen' });
  const name = job.environment?.name.value;
  if (name !== undefined)
    reasons.push({
      part: `environment: ${name.slice(0, NAME_CHARS_MAX)}`,
      why: 'waits for those whom its rules name; the rules are settings that no file shows',
    });
  return [...new Map(reasons.map((each) => [`${each.part} ${each.why}`, each])).values()];
}

/** Every condition and environment before something with authority that a stranger’s event can come to. */
export function judgeGuards(repository: Repository, prefix: string): JudgedGuard[] {
  const jobs = repository.pipelines
    .filter(({ kind, platform }) => kind === 'workflow' && platform === 'github')
    .flatMap((pipeline) => pipeline.jobs);
  return jobs.flatMap((job) => {
    const authority = describeAuthority(job);
    const events = openEvents(job, repository);
    if (authority === undefined || events.length === 0) return [];
    return guardedIn(job).map((guarded): JudgedGuard => {
      const rows = events.map((trigger) => judgeEvent(guarded, trigger));
      const outsiders = worstOf(rows);
      const { source, file } = job.pipeline;
      const at = guarded.guard?.text.node ?? job.environment?.node ?? job.key;
      const name = job.id.slice(0, NAME_CHARS_MAX);
      return {
        subject:
          guarded.step === undefined
            ? `the job ${name}`
            : `step ${guarded.step.index + 1} of the job ${name}`,
        place: `${prefix}${file}:${source.position(at.start).line}`,
        condition: (guarded.guard?.text.value ?? '')
          .replaceAll(/\s+/g, ' ')
          .trim()
          .slice(0, CONDITION_CHARS_MAX),
        environment: job.environment?.name.value.slice(0, NAME_CHARS_MAX),
        authority,
        outsiders,
        rows,
        reasons: reasonsFor(guarded, events, outsiders),
      };
    });
  });
}
