import { cacheUseOf, savesOnly } from '#pipeline/github/caches.ts';
import type { Job } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import type { Crossing, Foothold } from './crossing.ts';
import { reachOf } from './reach.ts';

function workflowJobs({ pipelines }: Repository): Job[] {
  return pipelines.flatMap(({ platform, kind, jobs }) =>
    platform === 'github' && kind === 'workflow' ? jobs : [],
  );
}

/** Started by members or the clock, and with something in reach. */
function isTrusted(job: Job): boolean {
  const members = job.pipeline.triggers.some(({ firedBy }) => !isOutsider(firedBy) && firedBy !== 'caller');
  return members && reachOf(job).strength === 'project';
}

/** Code in a run on the default branch can write any key of its cache, whether the job uses one or not. */
export function crossCaches(footholds: readonly Foothold[], repository: Repository): Crossing[] {
  const from = footholds.find(({ job }) => job !== undefined);
  if (from?.job === undefined) return [];
  const { id, pipeline } = from.job;
  return workflowJobs(repository).flatMap((to): Crossing[] => {
    if (to === from.job || !isTrusted(to)) return [];
    const use = to.steps.map(cacheUseOf).find((each) => each !== undefined && !savesOnly(each.use))?.use;
    if (use === undefined) return [];
    const { source, file } = to.pipeline;
    const what = `the job ${to.id} of ${file}`;
    return [
      {
        kind: 'cache',
        from,
        to,
        source,
        span: use.text.node,
        hops: [
          {
            label: 'leaves a changed entry in the cache of the default branch',
            source: pipeline.source,
            span: from.job?.key ?? pipeline.node,
          },
          { label: `${what} unpacks it`, source, span: use.text.node },
        ],
        complexity: 'high',
        certain: from.certain,
        message: `the job ${to.id} unpacks a cache that ${id} of ${pipeline.file} can fill for outsiders`,
      },
    ];
  });
}

function labelsOf({ runner }: Job): string[] {
  return [...(runner?.labels ?? []), ...(runner?.group === undefined ? [] : [runner.group])]
    .map(({ value }) => value.toLowerCase())
    .toSorted();
}

/** Whether a machine that takes the one can take the other. */
function shareMachine(left: Job, right: Job): boolean {
  const [first, second] = [labelsOf(left), labelsOf(right)];
  if (first.length === 0 || [...first, ...second].some((label) => label.includes('${{'))) return false;
  return first.every((label) => second.includes(label)) || second.every((label) => first.includes(label));
}

function crossRunner(from: Foothold, job: Job, to: Job): Crossing {
  const { source } = job.pipeline;
  return {
    kind: 'runner',
    from,
    to,
    source,
    span: job.runner?.node ?? job.key,
    hops: [
      { label: 'a process stays behind on the machine', source, span: job.runner?.node ?? job.key },
      {
        label: `the job ${to.id} of ${to.pipeline.file} runs there`,
        source: to.pipeline.source,
        span: to.runner?.node ?? to.key,
      },
    ],
    complexity: 'high',
    certain: false,
    partial: 'whether the machine is thrown away after each job',
    message: `outsiders run code of ${job.id} on a machine that the job ${to.id} of ${to.pipeline.file} uses, too`,
  };
}

/** Machines of one's own that run code of outsiders, and later a job with rights. */
export function crossRunners(footholds: readonly Foothold[], repository: Repository): Crossing[] {
  const own = workflowJobs(repository).filter(({ runner }) => runner?.hosting === 'self-hosted');
  if (own.length < 2) return [];
  const trusted = own.filter(isTrusted);
  return footholds.flatMap((from): Crossing[] => {
    const jobs = from.job === undefined ? from.root.jobs : [from.job];
    const job = jobs.find(({ runner }) => runner?.hosting === 'self-hosted');
    if (job === undefined) return [];
    const to = trusted.find((each) => !jobs.includes(each) && shareMachine(job, each));
    return to === undefined ? [] : [crossRunner(from, job, to)];
  });
}
