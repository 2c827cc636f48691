import path from 'node:path';
import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import type { Job, Platform } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Repository } from '#pipeline/repository.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { DeclaredTrust } from './found-trust.ts';
import type { Openness } from './openness.ts';

/** A job of the same repository, and an event on which its token is accepted. */
export interface TrustReach {
  readonly job: Job;
  readonly trigger: Trigger;
  /** Somebody outside of the project causes it, with the identity of the project. */
  readonly outside: boolean;
}

const PLATFORMS: Readonly<Record<string, Platform>> = { GitHub: 'github', GitLab: 'gitlab' };

export function asksForIdentity(job: Job): boolean {
  if (isGitlabPipeline(job.pipeline))
    return job.pipeline.jobs.some((each) => each === job && each.identityTokens.length > 0);
  return job.pipeline.platform === 'github' && effectivePermissions(job).access('id-token') === 'write';
}

/** Which events give a subject that such a trust accepts. */
function fits(openness: Openness, event: string): boolean {
  if (openness === 'exact' || openness === 'unknown' || openness === 'nobody') return false;
  if (openness === 'pull-request') return event === 'pull_request';
  return openness !== 'branch' || event !== 'pull_request';
}

/** The folder of a checkout has the name of its repository; where it has another one, nobody knows whose trust it is. */
function isOwn({ repository }: DeclaredTrust, root: string): boolean {
  if (repository === undefined || root === '') return true;
  // The second form of the subject has ids behind the names.
  const name = repository
    .split('/')
    .at(-1)
    ?.replace(/@\d{1,20}$/, '');
  return path.basename(root).toLowerCase() === name?.toLowerCase();
}

/** Jobs of this repository that get in, those that outsiders start first. */
export function reachOf(trust: DeclaredTrust, repository: Repository): readonly TrustReach[] {
  const platform = PLATFORMS[trust.issuer.name];
  if (platform === undefined || !isOwn(trust, repository.root)) return [];
  return repository.pipelines
    .filter((pipeline) => pipeline.platform === platform)
    .flatMap(({ jobs }) => jobs.filter(asksForIdentity))
    .flatMap((job) =>
      job.pipeline.triggers
        .filter(({ event }) => fits(trust.openness, event))
        // A fork gets no identity token for its pull request; a branch of the repository does.
        .map((trigger) => ({
          job,
          trigger,
          outside: isOutsider(trigger.firedBy) && trigger.authority === 'full',
        })),
    )
    .toSorted((left, right) => Number(right.outside) - Number(left.outside));
}
