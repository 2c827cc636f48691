import { cacheUseOf, savesOnly } from '#pipeline/github/caches.ts';
import { type GitlabJob, isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Job, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { emptyJobSurface, type JobSurface, type Start, type StoreUse } from '#pipeline/surface.ts';
import { githubCredentials } from './github-credentials.ts';
import { situationsOfJob } from './github-starts.ts';
import { gitlabCredentials } from './gitlab-credentials.ts';
import { startsOfGitlab } from './gitlab-starts.ts';

function cachesOf({ steps, pipeline }: Job): StoreUse[] {
  return steps.flatMap((step) => {
    const cache = cacheUseOf(step);
    if (cache === undefined) return [];
    const input = (name: string) => cache.use.inputs.find((each) => each.name.toLowerCase() === name)?.value;
    const access = savesOnly(cache.use) ? 'write' : cache.readsOnly ? 'read' : 'both';
    const path = input('path')?.value;
    const paths = path === undefined ? [] : [path];
    return [{ source: pipeline.source, span: cache.use.text.node, key: input('key'), access, paths }];
  });
}

const STORES: Readonly<Record<string, 'read' | 'write'>> = {
  'actions/upload-artifact': 'write',
  'actions/download-artifact': 'read',
  'dawidd6/action-download-artifact': 'read',
};

function artifactsOf({ steps, pipeline }: Job): StoreUse[] {
  return steps.flatMap(({ work }) => {
    const access = work.kind === 'action' ? STORES[work.reference.repository] : undefined;
    if (work.kind !== 'action' || access === undefined) return [];
    const key = work.inputs.find(({ name }) => name.toLowerCase() === 'name')?.value;
    return [{ source: pipeline.source, span: work.text.node, key, access, paths: [] }];
  });
}

function deploysTo({ environment, pipeline }: Job): JobSurface['deploysTo'] {
  if (environment === undefined) return undefined;
  return { source: pipeline.source, span: environment.node, environment: environment.name.value };
}

/** The same start said by several triggers is one. */
function distinctStarts(starts: readonly Start[]): Start[] {
  return [...new Map(starts.map((each) => [`${each.what} ${each.authority}`, each])).values()];
}

function readGithub(job: Job, repository: Repository): JobSurface {
  return {
    ...emptyJobSurface,
    starts: distinctStarts(situationsOfJob(job, repository).map(({ start }) => start)),
    credentials: githubCredentials(job).map(({ use }) => use),
    caches: cachesOf(job),
    artifacts: artifactsOf(job),
    deploysTo: deploysTo(job),
  };
}

function readGitlab(job: GitlabJob): JobSurface {
  return {
    ...emptyJobSurface,
    starts: startsOfGitlab(job),
    credentials: gitlabCredentials(job),
    caches: job.caches.map(({ key, policy, source, span }) => {
      const access = policy === 'pull' ? 'read' : policy === 'push' ? 'write' : 'both';
      return { source, span, key, access, paths: [] };
    }),
    deploysTo:
      job.environment === undefined || isPassing(job)
        ? undefined
        : {
            source: job.environment.name.source,
            span: job.environment.name.node,
            environment: job.environment.name.value,
          },
  };
}

/** `action: prepare`, `verify`, `access`: names an environment and deploys nothing. */
function isPassing({ environmentAction }: GitlabJob): boolean {
  return environmentAction !== undefined && environmentAction !== 'start';
}

export function isGitlabJob(job: Job): job is GitlabJob {
  return isGitlabPipeline(job.pipeline);
}

function read(job: Job, repository: Repository): JobSurface {
  if (job.surface !== undefined) return job.surface;
  if (job.pipeline.platform === 'github') return readGithub(job, repository);
  return isGitlabJob(job) ? readGitlab(job) : emptyJobSurface;
}

const surfacesIn = memoize((repository: Repository) => memoize((job: Job) => read(job, repository)));

/** What a job exposes, on any platform: from its reader, or worked out from the model of GitHub and GitLab. */
export function surfaceOf(job: Job, repository: Repository): JobSurface {
  return surfacesIn(repository)(job);
}

/** The starts in which a step of a job may run. */
export function startsOfStep(step: Step, repository: Repository): readonly Start[] {
  const { job } = step;
  if (job.pipeline.platform !== 'github') return surfaceOf(job, repository).starts;
  return distinctStarts(situationsOfJob(job, repository, step).map(({ start }) => start));
}

/** Every job that runs by itself: not the hidden ones of GitLab, and not what an action is made of. */
export const runningJobs = memoize((repository: Repository): readonly Job[] =>
  repository.pipelines.flatMap((pipeline) => {
    if (pipeline.kind === 'action') return [];
    if (isGitlabPipeline(pipeline)) return pipeline.jobs.filter(({ hidden }) => !hidden);
    return pipeline.jobs;
  }),
);
