import { findPublication } from '#pipeline/github/publishing.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Job } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { CredentialUse, Place, Start, StoreUse } from '#pipeline/surface.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import { type Stake, stakeOf, stakeOfClass } from './credential-stake.ts';
import { findDeployment } from './deployments.ts';
import { findHead } from './foreign-code.ts';
import { githubCredentials } from './github-credentials.ts';
import { isGitlabJob, runningJobs, startsOfStep, surfaceOf } from './job-surface.ts';
import { pushedImagesOf } from './pushed-images.ts';

const STEPS_MAX = 200;

/** From where a job is reached. */
export type Zone = 'outsiders' | 'development' | 'by hand' | 'production';

export type ThingKind =
  | 'secret'
  | 'secret-group'
  | 'connection'
  | 'role'
  | 'runner'
  | 'cache'
  | 'image'
  | 'environment';

/** A job that uses a thing, and how it comes to run. */
export interface ThingUse extends Place {
  readonly job: Job;
  readonly starts: readonly Start[];
  readonly zones: ReadonlySet<Zone>;
  /** Outsiders do not only start it: their code runs. */
  readonly runsForeignCode: boolean;
  /** What it changes for others: a deployment, a publication. */
  readonly acts: string | undefined;
}

/** Something that several jobs share. */
export interface Thing {
  readonly kind: ThingKind;
  readonly name: string;
  /** The environment that it is taken from, when the job names one. */
  readonly environment: string | undefined;
  readonly stake: Stake;
  /** The same thing in other repositories, too: a role, an image, a build agent. */
  readonly isGlobal: boolean;
  readonly uses: readonly ThingUse[];
}

/** As the readers of the platforms call a start that a person with rights makes on purpose. */
const BY_HAND = /by hand|manual|with parameters|somebody (?:who|with)|a person with/i;

export function zoneOf({ actor, code, production, what }: Start): Zone {
  if (isOutsider(actor)) return 'outsiders';
  if (BY_HAND.test(what)) return 'by hand';
  // A timer runs what was taken in already.
  return production || (actor === 'schedule' && code !== 'head') ? 'production' : 'development';
}

/** What only a person starts is production's when it runs production's code. */
const zonesOf = memoize((starts: readonly Start[]): ReadonlySet<Zone> => {
  const zones = new Set(starts.map(zoneOf));
  if (starts.some((start) => start.production)) zones.add('production');
  return zones;
});

/** A setting that no file shows may hand secrets to forks; most have it off, and the platform’s own rules ask for it. */
function hasAuthority({ actor, authority, setting }: Start): boolean {
  return !isOutsider(actor) || (authority === 'full' && setting === undefined);
}

const withAuthority = memoize((starts: readonly Start[]): readonly Start[] => starts.filter(hasAuthority));

const actOf = memoize((job: Job): { readonly what: string | undefined } => {
  return { what: findDeployment(job)?.what ?? findPublication(job)?.what };
});

const headOf = memoize((job: Job): { readonly isFetched: boolean } => {
  return { isFetched: job.steps.slice(0, STEPS_MAX).some((step) => findHead(step) !== undefined) };
});

interface Draft {
  readonly kind: ThingKind;
  readonly name: string;
  readonly environment?: string | undefined;
  readonly stake: Stake;
  readonly isGlobal?: boolean;
  readonly use: ThingUse;
}

function toUse(job: Job, place: Place, starts: readonly Start[]): ThingUse {
  const open = starts.filter(({ actor }) => isOutsider(actor));
  const runsForeignCode =
    open.some(({ code }) => code === 'head' || code === 'merge') ||
    (open.length > 0 && headOf(job).isFetched);
  const { source, span } = place;
  return { job, source, span, starts, zones: zonesOf(starts), runsForeignCode, acts: actOf(job).what };
}

const KINDS: Readonly<Partial<Record<CredentialUse['kind'], ThingKind>>> = {
  secret: 'secret',
  'secret-group': 'secret-group',
  connection: 'connection',
};

function stakeOfCredential({ kind, name }: CredentialUse): Stake {
  if (kind === 'identity-token') return stakeOfClass('cloud');
  const stake = stakeOf(name);
  const unclear = stake.kind === 'other' || stake.kind === 'name';
  return unclear && kind === 'connection' ? stakeOfClass('deploy') : stake;
}

/** Undefined for what every job has. */
function toDraft(
  credential: CredentialUse,
  environment: string | undefined,
  use: ThingUse,
): Draft | undefined {
  const isRole =
    credential.kind === 'identity-token' &&
    / role | account | provider | application /.test(` ${credential.name} `);
  const kind = isRole ? 'role' : KINDS[credential.kind];
  // What is computed could be any of them.
  if (kind === undefined || /^\$[({]|^(?:every|a computed) secret$/.test(credential.name)) return undefined;
  const isGlobal = isRole && !/\b(?:vars|secrets|env|inputs)\.|\$/.test(credential.name);
  const from = isGlobal ? undefined : environment;
  return {
    kind,
    name: credential.name,
    environment: from,
    stake: stakeOfCredential(credential),
    isGlobal,
    use,
  };
}

function credentialsOf(job: Job, repository: Repository, environment: string | undefined): Draft[] {
  const { starts, credentials } = surfaceOf(job, repository);
  const uses =
    job.pipeline.platform === 'github'
      ? githubCredentials(job).map(({ use, step }) => {
          return { use, starts: step === undefined ? starts : startsOfStep(step, repository) };
        })
      : credentials.map((use) => ({ use, starts }));
  return uses.flatMap(({ use, starts: own }) => {
    return toDraft(use, environment, toUse(job, use, withAuthority(own))) ?? [];
  });
}

function runnerOf(job: Job, starts: readonly Start[]): Draft[] {
  const { runner } = job;
  // Tags of GitLab that are none of its own machines' are those of somebody's own.
  const isOwn = runner?.hosting === 'self-hosted' || (isGitlabJob(job) && runner?.hosting === 'unknown');
  if (runner === undefined || !isOwn || runner.labels.some(({ isConstant }) => !isConstant)) return [];
  const labels = runner.labels.map(({ value }) => value.toLowerCase()).toSorted();
  const name = [...new Set(runner.group === undefined ? labels : [runner.group.value, ...labels])].join(', ');
  const place = { source: job.pipeline.source, span: runner.node };
  // A machine keeps what ran on it, whatever the rights of the run were.
  return [
    { kind: 'runner', name, stake: stakeOfClass('machine'), isGlobal: true, use: toUse(job, place, starts) },
  ];
}

/** Platforms that hand the caches of one branch to all others. */
const SHARES_CACHES = new Set(['circleci', 'bitbucket', 'woodpecker']);

function isShared(cache: StoreUse, job: Job): boolean {
  if (SHARES_CACHES.has(job.pipeline.platform)) return true;
  // GitLab keeps those of protected branches apart, unless it is told not to.
  return (
    isGitlabJob(job) &&
    job.caches.some(({ span, unprotected }) => span === cache.span && unprotected !== undefined)
  );
}

/** What the key begins with: behind it come digests and names of branches. */
function nameOfCache({ key }: StoreUse): string {
  const written = key?.value.slice(0, 60) ?? 'default';
  const start = /^[^${<]{1,60}/.exec(written)?.[0] ?? '';
  return start.replace(/[-_/. ]+$/, '') || written;
}

function cachesOf(job: Job, repository: Repository): Draft[] {
  const { caches, starts } = surfaceOf(job, repository);
  return caches
    .filter((cache) => isShared(cache, job))
    .map((cache) => ({
      kind: 'cache',
      name: nameOfCache(cache),
      stake: stakeOfClass('cache'),
      // Builds of forks have caches of their own, as long as they get no secrets.
      use: toUse(job, cache, withAuthority(starts)),
    }));
}

function imagesOf(job: Job, repository: Repository): Draft[] {
  return pushedImagesOf(job, repository).map(({ name, starts, source, span }) => ({
    kind: 'image',
    name,
    stake: stakeOfClass('image'),
    isGlobal: !name.includes('$'),
    use: toUse(job, { source, span }, withAuthority(starts)),
  }));
}

function environmentOf(job: Job, repository: Repository): string | undefined {
  const name = surfaceOf(job, repository).deploysTo?.environment ?? job.environment?.name.value;
  return name?.slice(0, 100);
}

function environmentsOf(job: Job, repository: Repository, name: string | undefined): Draft[] {
  const { deploysTo, starts } = surfaceOf(job, repository);
  if (deploysTo === undefined || name === undefined || /[${<]/.test(name)) return [];
  const use = toUse(job, deploysTo, withAuthority(starts));
  return [{ kind: 'environment', name, stake: stakeOfClass('environment'), use }];
}

function draftsOf(job: Job, repository: Repository): Draft[] {
  const environment = environmentOf(job, repository);
  const { starts } = surfaceOf(job, repository);
  return [
    ...credentialsOf(job, repository, environment),
    ...runnerOf(job, starts),
    ...cachesOf(job, repository),
    ...imagesOf(job, repository),
    ...environmentsOf(job, repository, environment),
  ];
}

/** A job that uses a thing at several places uses it once, in all starts of these places. */
function mergeUses(uses: readonly ThingUse[]): ThingUse[] {
  return [...Map.groupBy(uses, ({ job }) => job).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length === 1) return same;
    const starts = [
      ...new Map(
        same.flatMap((use) => use.starts).map((each) => [`${each.what} ${each.authority}`, each]),
      ).values(),
    ];
    return [{ ...first, starts, zones: zonesOf(starts) }];
  });
}

/** All that the jobs of a repository share, with who reaches it; in no order. */
export const thingsOf = memoize((repository: Repository): readonly Thing[] => {
  const drafts = runningJobs(repository).flatMap((job) => draftsOf(job, repository));
  const byKey = Map.groupBy(
    drafts,
    ({ kind, name, environment }) => `${kind}\n${name}\n${environment ?? ''}`,
  );
  return [...byKey.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { kind, name, environment, stake, isGlobal = false } = first;
    return [{ kind, name, environment, stake, isGlobal, uses: mergeUses(same.map(({ use }) => use)) }];
  });
});

/** Whether production uses a thing that others reach, too. */
export function isMixed({ uses }: Thing): boolean {
  const reached = (zone: Zone) => uses.some(({ zones }) => zones.has(zone));
  return reached('production') && (reached('outsiders') || reached('development') || reached('by hand'));
}
