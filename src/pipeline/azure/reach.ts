import { memoize } from '../memoize.ts';
import type { Place, Start } from '../surface.ts';
import { evaluateConditions, type Situation } from './conditions.ts';
import type { AzureJob, AzurePipeline, AzureStep, Stage } from './model.ts';
import { situationOf } from './starts.ts';
import { isApprovalTask } from './tasks.ts';

const placeOf = (step: AzureStep): Place => ({ source: step.job.pipeline.source, span: step.node });

/** Stages in the order of the file: without `dependsOn`, each waits for the one before it. */
const stagesOf = memoize((pipeline: AzurePipeline): readonly Stage[] => {
  const all = new Set([...pipeline.jobs, ...pipeline.calls].flatMap(({ stage }) => stage ?? []));
  return [...all].sort((left, right) => (left.key?.start ?? 0) - (right.key?.start ?? 0));
});

const stagesBefore = memoize((pipeline: AzurePipeline): ReadonlyMap<Stage, readonly Stage[]> => {
  const stages = stagesOf(pipeline);
  const byName = new Map(stages.map((each) => [each.name, each]));
  return new Map(
    stages.map((stage, index) => {
      const before = stages.slice(Math.max(0, index - 1), index);
      return [stage, stage.dependsOn?.flatMap((name) => byName.get(name) ?? []) ?? before];
    }),
  );
});

function neededStages(stage: Stage, pipeline: AzurePipeline): readonly Stage[] {
  return stagesBefore(pipeline).get(stage) ?? [];
}

const jobsByStage = memoize((pipeline: AzurePipeline) => Map.groupBy(pipeline.jobs, ({ stage }) => stage));

const jobsById = memoize(
  (pipeline: AzurePipeline) =>
    new Map(pipeline.jobs.map((job) => [`${job.stage?.name ?? ''}/${job.id}`, job] as const)),
);

const neededJobs = memoize((job: AzureJob): readonly AzureJob[] => {
  const jobs = jobsById(job.pipeline);
  const stage = job.stage?.name ?? '';
  return job.needs.flatMap(({ value }) => jobs.get(`${stage}/${value}`) ?? []);
});

/** Nobody makes so many things wait for one another; behind it, everything is taken to run. */
const CHAIN_MAX = 300;

/** What is skipped takes what waits for it along, unless that has a condition of its own. */
class Reach {
  readonly #situation: Situation;
  readonly #known = new Map<AzureJob | Stage, boolean>();
  #depth = 0;

  constructor(start: Start) {
    this.#situation = situationOf(start);
  }

  #recall(subject: AzureJob | Stage, workOut: () => boolean): boolean {
    const known = this.#known.get(subject);
    if (known !== undefined) return known;
    if (this.#depth >= CHAIN_MAX) return true;
    // Things that wait for each other never run; the platform refuses them.
    this.#known.set(subject, true);
    this.#depth += 1;
    const answer = workOut();
    this.#depth -= 1;
    this.#known.set(subject, answer);
    return answer;
  }

  hasStage(stage: Stage, pipeline: AzurePipeline): boolean {
    return this.#recall(stage, () => {
      if (evaluateConditions(stage.conditions, this.#situation) === 'false') return false;
      return (
        stage.hasCondition || neededStages(stage, pipeline).every((each) => this.hasStage(each, pipeline))
      );
    });
  }

  hasJob(job: AzureJob): boolean {
    return this.#recall(job, () => {
      if (evaluateConditions(job.conditions, this.#situation) === 'false') return false;
      if (job.stage !== undefined && !this.hasStage(job.stage, job.pipeline)) return false;
      return job.hasCondition || neededJobs(job).every((each) => this.hasJob(each));
    });
  }
}

/** Verdicts on the jobs of a file, by the start that they hold for. */
const reachesOf = memoize((_pipeline: AzurePipeline) => new Map<Start, Reach>());

function reachOf(pipeline: AzurePipeline, start: Start): Reach {
  const reaches = reachesOf(pipeline);
  const known = reaches.get(start) ?? new Reach(start);
  reaches.set(start, known);
  return known;
}

export function startsOfJob(job: AzureJob, starts: readonly Start[]): readonly Start[] {
  return starts.filter((start) => reachOf(job.pipeline, start).hasJob(job));
}

export function approvalsIn(jobs: readonly AzureJob[]): Place[] {
  return jobs
    .flatMap(({ steps }) => steps)
    .filter(({ task }) => task !== undefined && isApprovalTask(task.name))
    .map(placeOf);
}

/** Everything that has to be over before, whatever the length of the chain. */
function allBefore<Thing>(first: Thing, before: (thing: Thing) => readonly Thing[]): Set<Thing> {
  const found = new Set<Thing>([first]);
  for (const each of found) {
    if (found.size > CHAIN_MAX) break;
    for (const needed of before(each)) found.add(needed);
  }
  return found;
}

/** Where a person was asked before the job: in it, or in what it waits for. */
export function approvalsBefore(
  job: AzureJob,
  inStages: (stages: ReadonlySet<Stage>) => readonly Place[],
): Place[] {
  const jobs = allBefore(job, neededJobs);
  const { stage, pipeline } = job;
  const stages =
    stage === undefined ? new Set<Stage>() : allBefore(stage, (each) => neededStages(each, pipeline));
  if (stage !== undefined) stages.delete(stage);
  const before = [...stages].flatMap((each) => jobsByStage(pipeline).get(each) ?? []);
  return [...approvalsIn([...jobs, ...before]), ...inStages(stages)];
}
