import { type CompanyJob, type CompanyRepository, DATABASE_RESOURCE } from './company-repositories.ts';
import { definitionsAt } from './company-definitions.ts';
import {
  atShare,
  DAY_MS,
  MINUTE_MS,
  type PlannedCommit,
  type PlannedJob,
  type PlannedStep,
  type PlayedSpan,
} from './plan.ts';
import type { SeededChance } from './seeded-chance.ts';

/** How likely somebody works in each hour of the day (UTC). */
const HOURS = [1, 0, 0, 0, 0, 1, 3, 8, 14, 18, 20, 16, 9, 15, 20, 18, 13, 8, 4, 3, 2, 2, 1, 1];
const WEEKEND_SHARE = 0.12;
/** Before the five minutes are over that the database gives. */
const RENEWED_AFTER_MS = 3 * MINUTE_MS;

const CHANGES = [
  'show the price with tax',
  'retry when the connection is lost',
  'remove what nobody calls',
  'smaller pictures on phones',
  'bump dependencies',
  'fix the flaky test of the basket',
  'log less',
  'round half to even',
  'say why an order was refused',
  'cache the catalogue for a minute',
  'new wording of the reminder',
  'make the form work by keyboard',
] as const;

/** Collects what happens, while it is thought up. */
export class WorkPlan {
  readonly commits: PlannedCommit[] = [];
  readonly steps: PlannedStep[] = [];
  readonly span: PlayedSpan;
  readonly chance: SeededChance;
  #runs = 41_000;

  constructor(span: PlayedSpan, chance: SeededChance) {
    this.span = span;
    this.chance = chance;
  }

  nextRun(): number {
    this.#runs += 1;
    return this.#runs;
  }

  commit(commit: Omit<PlannedCommit, 'message'> & { message?: string }): PlannedCommit {
    const planned = { message: this.chance.pick(CHANGES), ...commit };
    this.commits.push(planned);
    return planned;
  }

  /** The job asks. A role of the database is renewed while the job runs, and given back when it ends. */
  ask(atMs: number, job: PlannedJob, minutes: number): void {
    const endMs = atMs + (this.chance.around(minutes) + 1) * MINUTE_MS;
    this.steps.push({ kind: 'ask', atMs, job });
    if (job.resource !== DATABASE_RESOURCE) return;
    this.steps.push({ kind: 'renew', atMs: atMs + RENEWED_AFTER_MS, job });
    // A runner that is cut off gives nothing back: the sweeper finds it.
    if (!this.chance.chance(0.06)) this.steps.push({ kind: 'end', atMs: endMs, job });
  }

  /** A moment of that day at which people work. */
  momentOf(dayMs: number): number {
    let left = this.chance.next() * HOURS.reduce((sum, weight) => sum + weight, 0);
    const hour = HOURS.findIndex((weight) => (left -= weight) < 0);
    return dayMs + Math.max(0, hour) * 60 * MINUTE_MS + this.chance.below(3_600) * 1_000;
  }

  /** Beginnings of the days (UTC) that the span touches. */
  days(): number[] {
    const { startMs, endMs } = this.span;
    const days: number[] = [];
    for (let dayMs = startMs - (startMs % DAY_MS); dayMs < endMs; dayMs += DAY_MS) days.push(dayMs);
    return days;
  }
}

function isWeekend(dayMs: number): boolean {
  return [0, 6].includes(new Date(dayMs).getUTCDay());
}

function askAll(
  plan: WorkPlan,
  atMs: number,
  commit: PlannedCommit,
  job: CompanyJob,
  where: { trigger: string; ref: string },
): void {
  const { repository } = commit;
  const run = plan.nextRun();
  const { workflow, environment, minutes } = job;
  for (const resource of job.resources) {
    const planned = { repository, commit, workflow, resource, run, ...where };
    plan.ask(atMs, environment === undefined ? planned : { ...planned, environment }, minutes);
  }
}

function jobsOn(repository: CompanyRepository, on: CompanyJob['on']): readonly CompanyJob[] {
  return repository.jobs.filter((job) => job.on === on);
}

const MAIN = 'refs/heads/main';

function planPush(plan: WorkPlan, repository: CompanyRepository, atMs: number): void {
  if (atMs < plan.span.startMs) return;
  const { chance } = plan;
  const author = chance.pick(repository.people);
  const commit = plan.commit({
    repository,
    branch: 'main',
    atMs,
    author,
    files: [...definitionsAt(repository, plan.span, atMs), { path: 'CHANGED', text: `${chance.hex(12)}\n` }],
  });
  const push = { trigger: 'push', ref: MAIN };
  for (const job of jobsOn(repository, 'push')) askAll(plan, atMs + MINUTE_MS, commit, job, push);
  if (!chance.chance(repository.deployShare)) return;
  const laterMs = atMs + (12 + chance.below(30)) * MINUTE_MS;
  for (const job of jobsOn(repository, 'deploy')) askAll(plan, laterMs, commit, job, push);
}

/** A tag that is released: what runs is the definition at the tag. */
function planRelease(plan: WorkPlan, repository: CompanyRepository, atMs: number, number: number): void {
  const commit = lastCommit(plan, repository, atMs);
  const ref = {
    trigger: repository.name === 'acme/mobile' ? 'push' : 'release',
    ref: `refs/tags/v3.${number}.0`,
  };
  for (const job of jobsOn(repository, 'release'))
    if (commit !== undefined) askAll(plan, atMs, commit, job, ref);
}

function planPullRequest(plan: WorkPlan, repository: CompanyRepository, atMs: number): void {
  if (atMs < plan.span.startMs) return;
  const { chance } = plan;
  const number = 200 + plan.commits.length;
  const github = repository.platform === 'github';
  const commit = plan.commit({
    repository,
    branch: `change-${number}`,
    atMs,
    author: chance.pick(repository.people),
    files: [...definitionsAt(repository, plan.span, atMs), { path: 'CHANGED', text: `${chance.hex(12)}\n` }],
  });
  const where = {
    trigger: github ? 'pull_request' : 'merge_request_event',
    ref: github ? `refs/pull/${number}/merge` : `refs/merge-requests/${number}/head`,
  };
  for (const job of jobsOn(repository, 'pull-request')) {
    const { targetFromShare } = job;
    const isTarget = targetFromShare !== undefined && atMs >= atShare(plan.span, targetFromShare);
    askAll(
      plan,
      atMs + MINUTE_MS,
      commit,
      job,
      isTarget ? { trigger: 'pull_request_target', ref: MAIN } : where,
    );
  }
}

/** The newest commit of the default branch at that time. */
export function lastCommit(
  plan: WorkPlan,
  repository: CompanyRepository,
  atMs: number,
): PlannedCommit | undefined {
  return plan.commits.findLast(
    (commit) => commit.repository === repository && commit.branch === 'main' && commit.atMs <= atMs,
  );
}

function planSchedule(plan: WorkPlan, repository: CompanyRepository, dayMs: number): void {
  const schedule = (job: CompanyJob, atMs: number): void => {
    const commit = lastCommit(plan, repository, atMs);
    if (commit !== undefined) askAll(plan, atMs, commit, job, { trigger: 'schedule', ref: MAIN });
  };
  for (const job of jobsOn(repository, 'nightly')) schedule(job, dayMs + 2 * 60 * MINUTE_MS);
  for (let hour = 0; hour < 24; hour += 1)
    for (const job of jobsOn(repository, 'hourly')) schedule(job, dayMs + (hour * 60 + 7) * MINUTE_MS);
}

/** What everybody at the company does on one day. */
export function planDay(plan: WorkPlan, repositories: readonly CompanyRepository[], dayMs: number): void {
  const { chance } = plan;
  const share = isWeekend(dayMs) ? WEEKEND_SHARE : 1;
  for (const repository of repositories) {
    const pushes = Array.from({ length: chance.around(repository.pushesPerDay * share) }, () =>
      plan.momentOf(dayMs),
    );
    for (const atMs of pushes.toSorted((a, b) => a - b)) planPush(plan, repository, atMs);
    for (let count = chance.around(repository.pullRequestsPerDay * share); count > 0; count -= 1)
      planPullRequest(plan, repository, plan.momentOf(dayMs));
    planSchedule(plan, repository, dayMs);
    if (new Date(dayMs).getUTCDay() === 4)
      planRelease(plan, repository, dayMs + 14 * 60 * MINUTE_MS, Math.floor(dayMs / DAY_MS) % 100);
  }
}
