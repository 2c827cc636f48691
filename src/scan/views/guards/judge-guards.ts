import { hasMemberActivitiesOnly } from '#pipeline/github/outsider.ts';
import { type Assumption, evaluateGuard, evaluateJob, type Truth } from '#pipeline/guard.ts';
import type { Guard, Job, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import { findConsent, findJobConsent } from '../../shared/consent.ts';
import { describeAuthority, followsMembersOnly } from '../../shared/job-authority.ts';
import { type ActorKind, actors, assumeActor, isWithoutRights } from './actors.ts';
import { freeChoices } from './free-choices.ts';
import {
  CONDITION_CHARS_MAX,
  distinctReasons,
  type EventRow,
  type JudgedGuard,
  NAME_CHARS_MAX,
  type Passage,
  shorten,
  worstPassage,
} from './judged-guard.ts';
import { decidingPart, passedParts, type Reason } from './reasons.ts';

const ONLY_STATUS =
  /^(?:\$\{\{)?[\s!&|()]*(?:(?:always|success|failure|cancelled)\s*\(\s*\)[\s!&|()]*)+(?:\}\})?$/;
const WORDS: Readonly<Record<Truth, Passage>> = { true: 'yes', false: 'no', unknown: 'maybe' };

/** How often texts are tried in one repository; what is left then is open. */
const TRIES_MAX = 100_000;

/** What is shared by everything that is judged in one repository. */
class Court {
  readonly #repository: Repository;
  #left = TRIES_MAX;
  readonly #known = new Map<string, Assumption>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** Events of outsiders that start a workflow which this trigger follows. */
  followedEvents({ event, filters }: Trigger): readonly string[] {
    if (event !== 'workflow_run') return [];
    const names = filters['workflows'] ?? [];
    const followed = this.#repository.pipelines.filter(({ name, file }) =>
      names.includes(name?.value ?? file),
    );
    const triggers = followed.flatMap((pipeline) => pipeline.triggers);
    return [...new Set(triggers.filter(({ firedBy }) => isOutsider(firedBy)).map((each) => each.event))];
  }

  mayTry(): boolean {
    this.#left -= 1;
    return this.#left >= 0;
  }

  /** The same assumption for the same case: what a job comes to under it is worked out once. */
  assume(actor: ActorKind, event: string): Assumption {
    const key = `${actor} ${event}`;
    const assumption = this.#known.get(key) ?? assumeActor(actor, event);
    this.#known.set(key, assumption);
    return assumption;
  }
}

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

function judgePassage({ job, step }: Guarded, trigger: Trigger, actor: ActorKind, court: Court): Passage {
  const stranger = isWithoutRights(actor);
  if (stranger && hasMemberActivitiesOnly(trigger)) return 'no';
  const assume = court.assume(actor, trigger.event);
  const [whole, own] = [evaluateJob(job, assume), evaluateGuard(step?.guard, assume)];
  if (whole === 'false' || own === 'false') return 'no';
  const consent = step === undefined ? findJobConsent(job, assume) : findConsent(step, assume);
  if (consent?.kind === 'environment' || (consent !== undefined && (stranger || actor === 'bot')))
    return 'waits';
  const truth = whole === 'unknown' ? whole : own;
  if (truth !== 'unknown' || actor === 'bot') return WORDS[truth];
  const holds = (each: Assumption) =>
    court.mayTry() && evaluateJob(job, each) === 'true' && evaluateGuard(step?.guard, each) === 'true';
  const occurrence = { trigger, followed: court.followedEvents(trigger) };
  return freeChoices({ job, step }, occurrence, assume).some(holds) ? 'yes' : 'maybe';
}

function judgeEvent(guarded: Guarded, trigger: Trigger, court: Court): EventRow {
  const judge = (actor: ActorKind) => judgePassage(guarded, trigger, actor, court);
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
  return worstPassage(
    rows.flatMap(({ passages }) => actors.filter(isWithoutRights).map((actor) => passages[actor] ?? 'no')),
  );
}

function reasonsFor(
  { guard, job, step }: Guarded,
  events: readonly Trigger[],
  outsiders: Passage,
  court: Court,
): readonly Reason[] {
  const reasons: Reason[] = [];
  for (const { event } of events) {
    const assume = court.assume('contributor', event);
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
  return distinctReasons(reasons);
}

/** Every condition and environment before something with authority that a stranger’s event can come to. */
export function judgeGuards(repository: Repository, prefix: string): JudgedGuard[] {
  const jobs = repository.pipelines
    .filter(({ kind, platform }) => kind === 'workflow' && platform === 'github')
    .flatMap((pipeline) => pipeline.jobs);
  const court = new Court(repository);
  return jobs.flatMap((job) => {
    const authority = describeAuthority(job);
    const events = openEvents(job, repository);
    if (authority === undefined || events.length === 0) return [];
    return guardedIn(job).map((guarded): JudgedGuard => {
      const rows = events.map((trigger) => judgeEvent(guarded, trigger, court));
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
        condition: shorten(
          (guarded.guard?.text.value ?? '').replaceAll(/\s+/g, ' ').trim(),
          CONDITION_CHARS_MAX,
        ),
        environment: job.environment?.name.value.slice(0, NAME_CHARS_MAX),
        authority,
        against: 'strangers',
        verdict: outsiders,
        rows,
        reasons: reasonsFor(guarded, events, outsiders, court),
      };
    });
  });
}
