import type { Pipeline } from '#pipeline/model.ts';
import { findEntry, findValue } from '#pipeline/yaml/access.ts';
import type { Repository } from '#pipeline/repository.ts';
import { jobsOf, nameJobs, surfacePipelines } from '../../shared/surface-jobs.ts';
import type { Candidate } from '../../shared/surface-report.ts';

/** What ends a run of the platforms that never end one by themselves. */
const LIMITS = {
  argo: {
    has: ({ node, source }: Pipeline) =>
      findEntry(findValue(node, 'spec'), 'activeDeadlineSeconds') !== undefined ||
      source.text.includes('activeDeadlineSeconds'),
    remedy: 'Add `activeDeadlineSeconds: 3600` to `spec:`: about twice what the workflow needs.',
  },
  jenkins: {
    has: ({ source }: Pipeline) => /\btimeout\s*\(/.test(source.text),
    remedy:
      "Add `options { timeout(time: 60, unit: 'MINUTES') }` to the pipeline: about twice what it needs.",
  },
} as const;

/** The others end a job after an hour or two. */
export function findOnSurfaces(repository: Repository): Candidate[] {
  return surfacePipelines(repository).flatMap((pipeline) => {
    const { platform, kind } = pipeline;
    if (kind !== 'workflow' || (platform !== 'argo' && platform !== 'jenkins')) return [];
    const jobs = jobsOf(pipeline).filter(({ job }) => job.steps.length > 0);
    const [first] = jobs;
    if (first === undefined || LIMITS[platform].has(pipeline)) return [];
    const report = {
      message: `${nameJobs(jobs)} ${jobs.length === 1 ? 'has' : 'have'} no limit of time`,
      explanation:
        'A build that hangs, or that somebody keeps busy, holds its machine for ever: others wait, and whoever got in has its credentials for that long.',
      remedy: LIMITS[platform].remedy,
      key: 'timeout',
    };
    return [{ source: pipeline.source, span: first.job.key, report }];
  });
}
