import type { CacheUse, GitlabJob } from '#pipeline/gitlab/model.ts';
import { mayRunInMergeRequest } from '#pipeline/gitlab/read-pipeline.ts';
import { resolveConfigurations } from '#pipeline/gitlab/resolve-includes.ts';
import { defaultBranch, evaluateRules } from '#pipeline/gitlab/situation.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Crossing } from './crossing.ts';

interface Use {
  readonly job: GitlabJob;
  readonly cache: CacheUse;
}

const keyOf = ({ cache: { key, keyFiles } }: Use): string =>
  `${key?.value ?? 'default'} ${keyFiles.join(' ')}`;

function runsOnDefaultBranch(job: GitlabJob): boolean {
  const pipeline = evaluateRules(job.pipeline.rules, defaultBranch, 'true');
  return pipeline !== 'false' && evaluateRules(job.rules, defaultBranch, 'true') !== 'false';
}

function cross(writer: Use, reader: Use): Crossing {
  const { job, cache } = writer;
  const at = reader.cache.unprotected ?? reader.cache;
  const way = {
    label: `the job ${job.id} of a merge request leaves a changed cache behind; a member has to run it here`,
    source: cache.source,
    span: cache.span,
  };
  return {
    kind: 'cache',
    from: {
      root: job.pipeline,
      job,
      event: 'merge_request_event',
      complexity: 'medium',
      certain: false,
      way: [way],
    },
    to: reader.job,
    source: at.source,
    span: at.span,
    hops: [
      {
        label: `the job ${reader.job.id} of a protected branch unpacks it`,
        source: at.source,
        span: at.span,
      },
    ],
    complexity: 'high',
    certain: false,
    message: `the job ${reader.job.id} unpacks a cache that merge requests fill in ${job.id}`,
  };
}

/** Caches that jobs of merge requests fill, and jobs of the default branch take out. */
export function crossGitlabCaches(repository: Repository): Crossing[] {
  // Merging the files of a configuration is work; most of them share nothing.
  const mayShare = repository.pipelines.some(
    ({ platform, source }) => platform === 'gitlab' && source.text.includes('unprotect'),
  );
  if (!mayShare) return [];
  return resolveConfigurations(repository).flatMap(({ jobs }) => {
    const shared = jobs
      .filter(({ hidden }) => !hidden)
      .flatMap((job) => job.caches.map((cache) => ({ job, cache })))
      .filter(({ cache }) => cache.unprotected !== undefined);
    const writers = Map.groupBy(
      shared.filter(({ job, cache }) => cache.policy !== 'pull' && mayRunInMergeRequest(job)),
      keyOf,
    );
    return shared.flatMap((reader) => {
      if (reader.cache.policy === 'push' || !runsOnDefaultBranch(reader.job)) return [];
      const writer = writers.get(keyOf(reader))?.find(({ job }) => job !== reader.job);
      return writer === undefined ? [] : [cross(writer, reader)];
    });
  });
}
