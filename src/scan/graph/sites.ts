import { hasMemberActivitiesOnly, outsiderAssumption } from '#pipeline/github/outsider.ts';
import { type Assumption, evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import { isOpenEnvironment } from '#pipeline/platform-settings.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Hop } from '#pipeline/taint.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import { type Consent, findConsent, findJobConsent } from '../shared/consent.ts';
import { followsMembersOnly } from '../shared/job-authority.ts';

/** A job as one run has it: reached from a workflow, directly or through calls. */
export interface Site {
  /** The job whose token and secrets count: of an action, the one that uses it. */
  readonly job: Job;
  /** Where the events come from. */
  readonly root: Pipeline;
  /** Jobs whose conditions have to let the run through. */
  readonly chain: readonly Job[];
  /** Calls on the way, from the root on. */
  readonly calls: readonly Hop[];
}

const CALLS_MAX = 5;
const SITES_MAX = 20;

function callHop(label: string, caller: Job, node: Hop['span']): Hop {
  return { label, source: caller.pipeline.source, span: node };
}

/** Calls can fan out at each level; what a budget does not reach is not looked at. */
interface Budget {
  calls: number;
}

function collect(job: Job, repository: Repository, depth: number, budget: Budget): Site[] {
  const { pipeline } = job;
  const own: Site = { job, root: pipeline, chain: [job], calls: [] };
  const isRoot =
    pipeline.kind === 'workflow' && pipeline.triggers.some(({ firedBy }) => firedBy !== 'caller');
  const sites: Site[] = isRoot ? [own] : [];
  if (depth >= CALLS_MAX) return sites;
  for (const { job: caller, step } of repository.callersOf(pipeline)) {
    budget.calls -= 1;
    if (sites.length >= SITES_MAX || budget.calls < 0) break;
    const node = step === undefined ? (caller.call?.text.node ?? caller.key) : step.node;
    const does = step === undefined ? 'calls' : 'uses';
    const hop = callHop(`the job ${caller.id} ${does} ${pipeline.file}`, caller, node);
    for (const above of collect(caller, repository, depth + 1, budget)) {
      const calls = [...above.calls, hop];
      // An action runs inside of the job that uses it; a called workflow has jobs of its own.
      if (step === undefined) sites.push({ job, root: above.root, chain: [...above.chain, job], calls });
      else sites.push({ ...above, calls });
    }
  }
  return sites.slice(0, SITES_MAX);
}

const known = new WeakMap<Job, readonly Site[]>();

/** Every way in which a job runs, as far as this repository shows; none when nobody here calls it. */
export function sitesOf(job: Job, repository: Repository): readonly Site[] {
  const sites = known.get(job) ?? collect(job, repository, 0, { calls: 200 });
  known.set(job, sites);
  return sites;
}

/** An event by which an outsider comes in. */
export interface OpenTrigger {
  readonly trigger: Trigger;
  /** True when somebody of the project has to act: a label, an approval, a deployment. */
  readonly approved: boolean;
}

/** Assumptions are made once: conditions keep their verdicts by them. */
export class Outsiders {
  readonly #repository: Repository;
  readonly #known = new Map<string, Assumption>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  #assume(event: string): Assumption {
    const known = this.#known.get(event) ?? outsiderAssumption(event);
    this.#known.set(event, known);
    return known;
  }

  /** Whether conditions let an outsider's event come to a job. */
  letThrough(job: Job, event: string): boolean {
    return evaluateJob(job, this.#assume(event)) !== 'false';
  }

  /** An environment stands for its reviewers, unless the platform was asked and has none. */
  #asks({ environment }: Job, consent: Consent | undefined): boolean {
    if (consent?.kind !== 'environment' || environment === undefined) return consent !== undefined;
    return isOpenEnvironment(environment.name.value, this.#repository.settings) !== true;
  }

  /** Events by which an outsider gets a run with the rights of the project to this site, and to the step. */
  privilegedTriggers({ root, chain }: Site, step?: Step): OpenTrigger[] {
    return root.triggers.flatMap((trigger): OpenTrigger[] => {
      if (!isOutsider(trigger.firedBy) || trigger.authority !== 'full') return [];
      const assume = this.#assume(trigger.event);
      if (chain.some((job) => evaluateJob(job, assume) === 'false')) return [];
      if (step !== undefined && evaluateGuard(step.guard, assume) === 'false') return [];
      if (trigger.event === 'workflow_run' && followsMembersOnly(trigger, this.#repository)) return [];
      const asked = chain.some((job) => this.#asks(job, findJobConsent(job, assume)));
      const approved = asked || (step !== undefined && this.#asks(step.job, findConsent(step, assume)));
      return [{ trigger, approved: approved || hasMemberActivitiesOnly(trigger) }];
    });
  }
}
