import path from 'node:path';
import type { Repository } from '#pipeline/repository.ts';
import { findTrust } from '../../../trust/find-trust.ts';
import type { Openness } from '../../../trust/openness.ts';
import { reachOf, type TrustReach } from '../../../trust/reach.ts';

/** A role, account or pool that accepts identities of pipelines. */
export interface ListedTrust {
  readonly file: string;
  readonly line: number;
  /** `aws_iam_role.deploy`. */
  readonly name: string;
  readonly openness: Openness;
  /** Completes “can be taken by …”. */
  readonly takenBy: string;
  /** Jobs of this repository that can satisfy it, most open first. */
  readonly reachedBy: readonly string[];
}

/** `deploy (deploy.yml) on pull_request_target, by anyone`. */
function describeReach({ job, trigger, outside }: TrustReach): string {
  return `${outside ? 'outsiders: ' : ''}\`${job.id}\` (${path.posix.basename(job.pipeline.file)}) on \`${trigger.event}\``;
}

/** Who may take what a repository's own files make, and which of its jobs can. */
export function listTrust(repository: Repository, prefix: string): readonly ListedTrust[] {
  return findTrust(repository).map((trust) => ({
    file: `${prefix}${trust.source.file}`,
    line: trust.source.position(trust.head.start).line,
    name: trust.name,
    openness: trust.openness,
    takenBy: trust.takenBy,
    reachedBy: [...new Set(reachOf(trust, repository).map(describeReach))],
  }));
}
