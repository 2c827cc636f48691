import type { Job } from '#pipeline/model.ts';
import { effectivePermissions, writableScopes } from '#pipeline/permissions.ts';
import type { Repository } from '#pipeline/repository.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import { stakeOf } from '../../shared/credential-stake.ts';
import { surfaceOf } from '../../shared/job-surface.ts';
import type { Authority } from './party.ts';

/** What somebody keeps; the others every job could ask for. */
const STORED: ReadonlySet<string> = new Set(['secret', 'secret-group', 'connection']);
const CREDENTIALS_MAX = 50;
const CALLERS_MAX = 50;

/** The jobs in which something of an action of the repository runs; else the job itself. */
function runningJobsOf(job: Job, repository: Repository): readonly Job[] {
  if (job.pipeline.kind !== 'action') return [job];
  const callers = repository.callersOf(job.pipeline).map((site) => site.job);
  return callers.filter(({ pipeline }) => pipeline.kind !== 'action').slice(0, CALLERS_MAX);
}

function authorityOfJob(job: Job, repository: Repository): Authority {
  const { credentials, starts } = surfaceOf(job, repository);
  const stored = credentials.filter(({ kind }) => STORED.has(kind));
  const isGithub = job.pipeline.platform === 'github';
  return {
    credentials: [...new Set(stored.map(({ name }) => name.slice(0, 100)))],
    writes: isGithub ? writableScopes(job).filter((scope) => scope !== 'id-token') : [],
    identityToken: isGithub
      ? effectivePermissions(job).access('id-token') === 'write'
      : credentials.some(({ kind }) => kind === 'identity-token'),
    ownMachine: job.runner?.hosting === 'self-hosted',
    openToOutsiders: starts.some(({ actor, authority }) => isOutsider(actor) && authority === 'full'),
  };
}

/** What whoever controls the code in these jobs gets. */
export function authorityOf(jobs: ReadonlySet<Job>, repository: Repository): Authority {
  const running = new Set([...jobs].flatMap((job) => runningJobsOf(job, repository)));
  return joinAuthorities([...running].map((job) => authorityOfJob(job, repository)));
}

export function joinAuthorities(all: readonly Authority[]): Authority {
  return {
    credentials: [...new Set(all.flatMap(({ credentials }) => credentials))]
      .toSorted()
      .slice(0, CREDENTIALS_MAX),
    writes: [...new Set(all.flatMap(({ writes }) => writes))].toSorted(),
    identityToken: all.some(({ identityToken }) => identityToken),
    ownMachine: all.some(({ ownMachine }) => ownMachine),
    openToOutsiders: all.some(({ openToOutsiders }) => openToOutsiders),
  };
}

/** From 1, nothing to take, to about 8. */
export function weigh(authority: Authority): number {
  const worst = Math.max(0, ...authority.credentials.map((name) => stakeOf(name).weight));
  const writes =
    authority.writes.includes('*') || authority.writes.includes('contents')
      ? 2
      : authority.writes.length > 0
        ? 1
        : 0;
  return (
    1 +
    worst / 3 +
    writes +
    (authority.identityToken ? 1.5 : 0) +
    (authority.ownMachine ? 1 : 0) +
    (authority.openToOutsiders ? 0.5 : 0)
  );
}

/** `3 secrets, contents: write, identity token`; empty when it is nothing. */
export function describeAuthority(authority: Authority): string {
  const { credentials, writes, identityToken, ownMachine } = authority;
  const scopes = writes.includes('*') ? ['write-all'] : writes.slice(0, 2).map((scope) => `${scope}: write`);
  return [
    ...(credentials.length === 0
      ? []
      : [credentials.length === 1 ? (credentials[0] ?? '') : `${credentials.length} secrets`]),
    ...scopes,
    ...(identityToken ? ['identity token'] : []),
    ...(ownMachine ? ['own machine'] : []),
  ].join(', ');
}
