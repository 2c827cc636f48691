import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import type { Job, Platform } from '#pipeline/model.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { RepositoryIdentity } from './repository-identity.ts';

/** What a job's token has to say for the other side to accept it. Never a pattern. */
export interface Binding {
  readonly platform: Platform;
  /** The deployment environment, where there is one: its protection rules then decide who gets in. */
  readonly environment: string | undefined;
  /** True when the patch has to write the environment into the job first. */
  readonly addsEnvironment: boolean;
  /** Full names of branches; empty when the environment alone decides. */
  readonly refs: readonly string[];
  /** Events in the platform's words; none of them comes from outside. */
  readonly events: readonly string[];
  /** What a person should know before trusting this job. */
  readonly warnings: readonly string[];
}

/** Letters that stand for themselves in subjects, Cedar, Terraform, JSON and shells. */
const PLAIN = /^[\w][\w ./-]{0,99}$/;
const WITH_TAG_EVENTS = new Set(['release', 'create', 'registry_package']);

const isExact = (name: string): boolean => PLAIN.test(name);

function branchesOf({ event, filters }: Trigger, defaultBranch: string): readonly string[] | undefined {
  if (event !== 'push') return [defaultBranch];
  const branches = filters['branches'];
  if (filters['tags'] !== undefined && branches === undefined) return undefined;
  if (branches === undefined) return [defaultBranch];
  const exact = branches.filter(isExact);
  return exact.length > 0 ? exact : [defaultBranch];
}

const runsOnTags = ({ event, filters }: Trigger): boolean =>
  WITH_TAG_EVENTS.has(event) || (event === 'push' && filters['tags'] !== undefined);

function warningsOf(triggers: readonly Trigger[], environment: string | undefined): string[] {
  const open = triggers.filter(({ firedBy, authority }) => isOutsider(firedBy) && authority === 'full');
  const pulls = triggers.filter(({ event }) => event === 'pull_request');
  const called = triggers.some(({ event }) => event === 'workflow_call');
  const unfiltered = triggers.find(
    (trigger) =>
      trigger.event === 'push' &&
      !runsOnTags(trigger) &&
      !(trigger.filters['branches'] ?? ['*']).every(isExact),
  );
  return [
    ...open.map(
      ({ event }) =>
        `\`${event}\` lets outsiders start this job with its full identity: move what needs the credential to a workflow without it`,
    ),
    ...pulls.map(() =>
      environment === undefined
        ? 'runs for pull requests are refused by the other side'
        : 'runs for pull requests reach the environment: let its rules name the branches that may deploy',
    ),
    ...(called ? ['it is also called by other workflows: then the caller’s triggers decide'] : []),
    ...(unfiltered !== undefined && environment === undefined
      ? ['it runs on every branch; runs on others than the named one are refused by the other side']
      : []),
  ];
}

/** On which events a token may be accepted: those that nobody outside can cause. */
function eventsOf(triggers: readonly Trigger[]): string[] {
  const inside = triggers
    .filter(
      ({ firedBy, event }) => !isOutsider(firedBy) && event !== 'workflow_call' && event !== 'pull_request',
    )
    .map(({ event }) => event);
  return [...new Set(inside.length === 0 ? ['push', 'workflow_dispatch'] : inside)].slice(0, 10);
}

function bindGithub(job: Job, { defaultBranch }: RepositoryIdentity, fallback: string): Binding {
  const { triggers } = job.pipeline;
  const named = job.environment?.name;
  const environment = named?.isConstant === true && isExact(named.value) ? named.value : undefined;
  const onTags = triggers.some(runsOnTags);
  const computed = named !== undefined && environment === undefined;
  const addsEnvironment = named === undefined && onTags;
  const effective = environment ?? (computed ? 'ENVIRONMENT' : addsEnvironment ? fallback : undefined);
  const inside = triggers.filter(({ firedBy, event }) => !isOutsider(firedBy) && event !== 'pull_request');
  const refs = onTags ? [] : inside.flatMap((trigger) => branchesOf(trigger, defaultBranch) ?? []);
  const full = [...new Set(refs.length === 0 && !onTags ? [defaultBranch] : refs)].map(
    (ref) => `refs/heads/${ref}`,
  );
  return {
    platform: 'github',
    environment: effective,
    addsEnvironment,
    refs: full.slice(0, 20),
    events: eventsOf(triggers),
    warnings: [
      ...(computed
        ? [
            'its environment is computed: replace ENVIRONMENT by each name that may be trusted, one subject for each',
          ]
        : []),
      ...(addsEnvironment
        ? [
            `it runs on tags, whose subjects are all different: the patch puts it into the environment \`${fallback}\``,
          ]
        : []),
      ...warningsOf(triggers, effective),
    ],
  };
}

function bindGitlab(job: Job, { defaultBranch }: RepositoryIdentity): Binding {
  const named = job.environment?.name;
  const environment = named !== undefined && isExact(named.value) ? named.value : undefined;
  const open =
    isGitlabPipeline(job.pipeline) && job.pipeline.triggers.some(({ firedBy }) => isOutsider(firedBy));
  return {
    platform: 'gitlab',
    environment,
    addsEnvironment: false,
    refs: [`refs/heads/${defaultBranch}`],
    events: ['push', 'web', 'schedule'],
    warnings: open
      ? ['merge requests can start it: their tokens name another ref, and are refused by the other side']
      : [],
  };
}

/** Platforms whose readers say how a job comes to run. */
function bindSurface(
  { environment, pipeline, surface }: Job,
  { defaultBranch }: RepositoryIdentity,
): Binding {
  const named = environment?.name;
  const starts = surface?.starts ?? [];
  const outside = starts.find(({ actor, authority }) => isOutsider(actor) && authority === 'full');
  return {
    platform: pipeline.platform,
    environment: named?.isConstant === true && isExact(named.value) ? named.value : undefined,
    addsEnvironment: false,
    refs: [`refs/heads/${defaultBranch}`],
    events: [],
    warnings: [
      ...(outside === undefined
        ? []
        : [
            `${outside.what} lets outsiders start this job with its full identity: move what needs the credential elsewhere`,
          ]),
      ...(starts.some(({ production }) => !production)
        ? ['it also runs for other branches; those runs are refused by the other side']
        : []),
    ],
  };
}

/** What a job's token has to say; `fallback` names the environment that is made where a job needs one. */
export function bindJob(job: Job, identity: RepositoryIdentity, fallback: string): Binding {
  if (job.pipeline.platform === 'gitlab') return bindGitlab(job, identity);
  if (job.pipeline.platform === 'github') return bindGithub(job, identity, fallback);
  return bindSurface(job, identity);
}
