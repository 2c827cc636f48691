import { hasMemberActivitiesOnly, outsiderAssumption } from '#pipeline/github/outsider.ts';
import { type Assumption, evaluateGuard, evaluateJob, type Knowledge } from '#pipeline/guard.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Start } from '#pipeline/surface.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import { followsMembersOnly } from './job-authority.ts';
import { isProductionBranch } from '#pipeline/production-refs.ts';
import {
  developmentBranches,
  exampleOf,
  isAnyBranch,
  productionBranches,
  releaseTags,
} from './branch-patterns.ts';

/** One way in which a workflow comes to run, and what conditions can know of it then. */
export interface Situation {
  readonly start: Start;
  readonly assume: Assumption;
}

const CALLS_DEEP_MAX = 20;
const CALLERS_MAX = 100;

/** What is known when something happens on one of these branches or tags. */
function onRef(event: string, kind: 'branch' | 'tag', names: readonly string[]): Assumption {
  const prefix = kind === 'tag' ? 'refs/tags/' : 'refs/heads/';
  const known: Readonly<Record<string, Knowledge>> = {
    'github.event_name': { oneOf: [event] },
    'github.ref': { oneOf: names.map((name) => `${prefix}${name}`) },
    'github.ref_name': { oneOf: names },
    'github.ref_type': { oneOf: [kind] },
    'github.base_ref': { oneOf: [''] },
    'github.head_ref': { oneOf: [''] },
    'github.event.repository.default_branch': { oneOf: ['main', 'master', 'trunk'] },
  };
  return (path) => {
    if (Object.hasOwn(known, path)) return known[path];
    return path.startsWith('github.event.pull_request') ? { oneOf: [''] } : undefined;
  };
}

/** What is known when a member opens a pull request from a branch of the repository itself, or merges it. */
function onOwnPullRequest(event: string, merged: boolean): Assumption {
  const known: Readonly<Record<string, Knowledge>> = {
    'github.event_name': { oneOf: [event] },
    'github.event.pull_request.merged': { oneOf: [merged] },
    'github.event.pull_request.head.repo.fork': { oneOf: [false] },
    'github.ref_type': { oneOf: ['branch'] },
    ...(event === 'pull_request' ? { 'github.ref': { oneOf: ['refs/pull/1/merge'] } } : {}),
  };
  return (path) => (Object.hasOwn(known, path) ? known[path] : undefined);
}

/** What is known of an outsider’s event, and of the ref that the platform gives it. */
function fromOutside(event: string): Assumption {
  const outsider = outsiderAssumption(event);
  if (event !== 'pull_request') return outsider;
  const known: Readonly<Record<string, Knowledge>> = {
    'github.ref': { oneOf: ['refs/pull/1/merge'] },
    'github.ref_name': { oneOf: ['1/merge'] },
    'github.ref_type': { oneOf: ['branch'] },
  };
  return (path) => (Object.hasOwn(known, path) ? known[path] : outsider(path));
}

function situation(
  { runs, authority }: Pick<Trigger, 'runs' | 'authority'>,
  what: string,
  actor: Start['actor'],
  assume: Assumption,
  production = false,
): Situation {
  return { start: { what, actor, code: runs, authority, production, setting: undefined }, assume };
}

function onBranches(trigger: Trigger, patterns: readonly string[]): Situation[] {
  const { event } = trigger;
  const kept = patterns.filter((each) => !each.startsWith('!'));
  const open = kept.some(isAnyBranch);
  const split = Object.groupBy(
    kept.filter((each) => !isAnyBranch(each)),
    (each) => (isProductionBranch(each) ? 'production' : 'development'),
  );
  const own = [...(split.production ?? []).map(exampleOf), ...(open ? productionBranches : [])];
  const others = [...(split.development ?? []).map(exampleOf), ...(open ? developmentBranches : [])];
  const named = split.production?.[0] ?? 'main';
  return [
    ...(own.length === 0
      ? []
      : [situation(trigger, `a push to ${named}`, 'member', onRef(event, 'branch', own), true)]),
    ...(others.length === 0
      ? []
      : [
          situation(
            trigger,
            `a push to ${open ? 'any branch' : (split.development?.[0] ?? 'a branch')}`,
            'member',
            onRef(event, 'branch', others),
          ),
        ]),
  ];
}

function onPush(trigger: Trigger): Situation[] {
  const { branches, tags, 'branches-ignore': without, 'tags-ignore': withoutTags } = trigger.filters;
  const all = branches === undefined && tags === undefined && !without && !withoutTags;
  const onTag = situation(trigger, 'a tag', 'member', onRef('push', 'tag', releaseTags), true);
  return [
    ...(branches !== undefined ? onBranches(trigger, branches) : []),
    ...(all || without !== undefined ? onBranches(trigger, ['**']) : []),
    ...(all || tags !== undefined || withoutTags !== undefined ? [onTag] : []),
  ];
}

function onPullRequest(trigger: Trigger): Situation[] {
  const { activities, event } = trigger;
  const outsider = situation(trigger, 'a pull request from a fork', trigger.firedBy, fromOutside(event));
  const own = { runs: trigger.runs, authority: 'full' } as const;
  const closes = activities?.includes('closed') === true;
  const onlyCloses = closes && activities.length === 1;
  return [
    ...(hasMemberActivitiesOnly(trigger) ? [] : [outsider]),
    ...(onlyCloses
      ? []
      : [situation(own, 'a pull request of a member', 'member', onOwnPullRequest(event, false))]),
    ...(closes
      ? [situation(own, 'a merged pull request', 'member', onOwnPullRequest(event, true), true)]
      : []),
  ];
}

function byHand(trigger: Trigger): Situation[] {
  const own = onRef(trigger.event, 'branch', productionBranches);
  const other = onRef(trigger.event, 'branch', developmentBranches);
  return [
    situation(trigger, 'a start by hand', 'member', own, true),
    situation(trigger, 'a start by hand on any branch', 'member', other),
  ];
}

function situationsOfTrigger(trigger: Trigger, repository: Repository): Situation[] {
  const { event, firedBy } = trigger;
  switch (event) {
    case 'push':
      return onPush(trigger);
    case 'pull_request':
    case 'pull_request_target':
      return onPullRequest(trigger);
    case 'workflow_dispatch':
      return byHand(trigger);
    case 'release':
      return [situation(trigger, 'a release', 'member', onRef(event, 'tag', releaseTags), true)];
    case 'merge_group':
      // The code was approved before it came into the queue.
      return [
        situation(trigger, 'the merge queue', 'member', onRef(event, 'branch', productionBranches), true),
      ];
    case 'schedule':
    case 'repository_dispatch': {
      const what = event === 'schedule' ? 'the schedule' : 'a call of the API';
      return [situation(trigger, what, firedBy, onRef(event, 'branch', productionBranches), true)];
    }
    default:
      break;
  }
  const open = isOutsider(firedBy) && !hasMemberActivitiesOnly(trigger);
  const closed = event === 'workflow_run' && followsMembersOnly(trigger, repository);
  const actor = open && !closed ? firedBy : isOutsider(firedBy) ? 'member' : firedBy;
  return [situation(trigger, `the event ${event}`, actor, fromOutside(event))];
}

/** Works each pipeline out once: the ways through files that call each other can be as many as 2^files. */
class SituationFinder {
  readonly #repository: Repository;
  readonly #known = new Map<Pipeline, readonly Situation[]>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  find(pipeline: Pipeline, depth = 0): readonly Situation[] {
    const known = this.#known.get(pipeline);
    if (known !== undefined) return known;
    // Files that call each other start nothing by themselves.
    this.#known.set(pipeline, []);
    const isCalled =
      pipeline.kind === 'action' || pipeline.triggers.some(({ event }) => event === 'workflow_call');
    const found = [
      ...pipeline.triggers.flatMap((trigger) =>
        trigger.event === 'workflow_call' ? [] : situationsOfTrigger(trigger, this.#repository),
      ),
      ...(isCalled && depth < CALLS_DEEP_MAX ? this.#calls(pipeline, depth) : []),
    ];
    // Callers that start in the same way say the same.
    const distinct = new Map(
      found.map((each) => [`${each.start.what} ${each.start.actor} ${each.start.authority}`, each]),
    );
    const situations = [...distinct.values()];
    this.#known.set(pipeline, situations);
    return situations;
  }

  #calls(pipeline: Pipeline, depth: number): Situation[] {
    const sites = this.#repository.callersOf(pipeline).slice(0, CALLERS_MAX);
    return sites.flatMap(({ job, step }) =>
      this.find(job.pipeline, depth + 1).filter(
        ({ assume }) =>
          evaluateJob(job, assume) !== 'false' && evaluateGuard(step?.guard, assume) !== 'false',
      ),
    );
  }
}

const finderOf = memoize((repository: Repository) => new SituationFinder(repository));

/** Every way in which a workflow of GitHub starts, or an action of the repository is used. */
export function situationsOf(pipeline: Pipeline, repository: Repository): readonly Situation[] {
  return finderOf(repository).find(pipeline);
}

/** Those in which the job, and the step if there is one, may run: no condition says that it does not. */
export function situationsOfJob(job: Job, repository: Repository, step?: Step): readonly Situation[] {
  return situationsOf(job.pipeline, repository).filter(
    ({ assume }) => evaluateJob(job, assume) !== 'false' && evaluateGuard(step?.guard, assume) !== 'false',
  );
}
