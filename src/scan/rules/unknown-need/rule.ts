import type { Job } from '#pipeline/model.ts';
import type { Rule } from '../../rule.ts';
import { findNearest, suggest } from '../../shared/nearest-word.ts';

const CYCLES_MAX = 20;
/** Names of jobs compare without case. */
const fold = (id: string) => id.toLowerCase();

/** Circles among the jobs, each job looked at once; depth first, without recursion. */
function findCycles(jobs: ReadonlyMap<string, Job>): Job[][] {
  const cycles: Job[][] = [];
  /** Where a job stands on the present way; -1 when it is done with. */
  const places = new Map<Job, number>();
  for (const start of jobs.values()) {
    if (places.has(start)) continue;
    const way = [{ job: start, next: 0 }];
    places.set(start, 0);
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const need = top.job.needs[top.next];
      top.next += 1;
      if (need === undefined) {
        places.set(top.job, -1);
        way.pop();
        continue;
      }
      const job = jobs.get(fold(need.value));
      if (job === undefined) continue;
      const place = places.get(job);
      if (place === undefined) {
        places.set(job, way.length);
        way.push({ job, next: 0 });
      } else if (place >= 0) cycles.push(way.slice(place).map((each) => each.job));
    }
  }
  return cycles;
}

export const rule: Rule = {
  id: 'unknown-need',
  title: 'A job waits for one that does not exist',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description: 'Looks for `needs` that name no job of the workflow, and for jobs that wait for each other.',
  why: 'GitHub refuses the whole file: no job of the workflow runs, and a check that does not run stops nobody.',
  remedy: 'Write the id of a job of the same workflow: the key under `jobs:`, not its `name:`.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds',
  ],
  aliases: ['actionlint/job-needs'],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow') return;
    const jobs = new Map(pipeline.jobs.map((job) => [fold(job.id), job]));
    for (const job of pipeline.jobs) {
      for (const need of job.needs) {
        if (jobs.has(fold(need.value)) || need.value.includes('${{')) continue;
        const meant = findNearest(need.value, [...jobs.keys()]);
        const target = meant === undefined ? undefined : jobs.get(meant);
        context.report({
          at: need,
          message: `the job ${job.id} needs "${need.value.slice(0, 60)}", and there is no such job${suggest(need.value, [...jobs.keys()])}`,
          key: `${job.id}: ${need.value}`,
          fixes:
            target === undefined || target === job
              ? []
              : [
                  {
                    title: `write "${target.id}"`,
                    safety: 'unsafe',
                    edits: [{ start: need.start, end: need.end, replacement: target.id }],
                  },
                ],
        });
      }
    }
    for (const cycle of findCycles(jobs).slice(0, CYCLES_MAX)) {
      const [job] = cycle;
      if (job === undefined) continue;
      const way = [...cycle.slice(0, 5), job].map(({ id }) => id.slice(0, 30));
      context.report({
        at: job.key,
        message: `jobs wait for each other and none can start: ${way.join(' → ')}`.slice(0, 190),
        remedy: 'Take one of these jobs out of the `needs` of another.',
      });
    }
  },
};
