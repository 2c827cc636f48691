import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import { findPublication } from '#pipeline/github/publishing.ts';
import type { Job } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { SourceText, Span } from '#pipeline/source.ts';
import { isGitlabJob } from './gitlab-job.ts';
import { findSecretUses } from './secret-uses.ts';

/** How much somebody gets who runs code in a job, from the most to the least. */
export type Strength =
  /** Secrets, code, packages, releases, identities of the project. */
  | 'project'
  /** A token whose rights stand in the settings of the repository, which no file shows. */
  | 'unknown'
  /** What people say to one another: comments, labels, statuses. */
  | 'talk'
  | 'nothing';

/** What a job can do, in words, and the place that says so. */
export interface Reach {
  readonly strength: Strength;
  readonly words: readonly string[];
  readonly source: SourceText;
  readonly span: Span;
}

/** With these an outsider changes what others run, or becomes somebody else. */
const POWERFUL = new Set([
  'contents',
  'packages',
  'actions',
  'id-token',
  'deployments',
  'pages',
  'attestations',
]);
const WORDS_MAX = 5;
const SECRETS_NAMED_MAX = 3;
const NAME_CHARS_MAX = 60;

interface Part {
  readonly strength: Strength;
  readonly word: string;
  readonly source: SourceText;
  readonly span: Span;
}

function nameSecrets(names: readonly string[]): string {
  const [only, ...others] = names;
  if (others.length === 0) return only === undefined ? 'every secret' : `secret ${only}`;
  const left = names.length - SECRETS_NAMED_MAX;
  const shown = names.slice(0, SECRETS_NAMED_MAX).join(', ');
  return `secrets ${shown}${left > 0 ? ` and ${left} more` : ''}`;
}

function secretsIn(job: Job): Part[] {
  const uses = findSecretUses(job);
  const [first] = uses;
  if (first === undefined) return [];
  const all = uses.some(({ name }) => name === undefined) || job.call?.inheritsSecrets !== undefined;
  const names = [...new Set(uses.flatMap(({ name }) => name?.slice(0, NAME_CHARS_MAX) ?? []))];
  const { source, node } = first.text;
  return [{ strength: 'project', word: nameSecrets(all ? [] : names), source, span: node }];
}

const ROLES: Readonly<Record<string, string>> = {
  'aws-actions/configure-aws-credentials': 'a role in AWS',
  'google-github-actions/auth': 'an identity in Google Cloud',
  'azure/login': 'an identity in Azure',
  'hashicorp/vault-action': 'secrets in Vault',
};

/** What the identity token of the job is exchanged for in the job itself. */
function rolesIn(job: Job): Part[] {
  return job.steps.flatMap(({ work }): Part[] => {
    const word = work.kind === 'action' ? ROLES[work.reference.repository] : undefined;
    if (word === undefined || work.kind !== 'action') return [];
    return [{ strength: 'project', word, source: work.text.source, span: work.text.node }];
  });
}

function tokenOf(job: Job): Part[] {
  const { declared } = effectivePermissions(job);
  const { source } = job.pipeline;
  if (declared === undefined) {
    const word = 'a token with default rights';
    return [{ strength: 'unknown', word, source, span: job.key }];
  }
  if (declared.all !== undefined) {
    const all: Part = { strength: 'project', word: 'write-all', source, span: declared.node };
    return declared.all === 'write' ? [all] : [];
  }
  return declared.scopes
    .filter(({ access }) => access === 'write')
    .map(({ name, node }) => ({
      strength: POWERFUL.has(name) ? 'project' : 'talk',
      word: name === 'id-token' ? 'an identity token' : `${name.slice(0, NAME_CHARS_MAX)}: write`,
      source,
      span: node,
    }));
}

function publishingIn(job: Job): Part[] {
  const found = isGitlabJob(job) ? undefined : findPublication(job);
  if (found === undefined) return [];
  const word = `what it publishes (${found.what.replace(/\s+/g, ' ').slice(0, NAME_CHARS_MAX)})`;
  return [{ strength: 'project', word, source: job.pipeline.source, span: found.span }];
}

/** Its secrets are named where they are used; the name tells a reader what is at stake. */
function environmentOf({ environment }: Job): Part[] {
  if (environment === undefined) return [];
  const { source, node, value } = environment.name;
  const word = `environment ${value.slice(0, NAME_CHARS_MAX)}`;
  return [{ strength: 'nothing', word, source, span: node }];
}

const ORDER: readonly Strength[] = ['project', 'unknown', 'talk', 'nothing'];

export function compareStrength(left: Strength, right: Strength): number {
  return ORDER.indexOf(left) - ORDER.indexOf(right);
}

/** Protected variables are settings of the project, which no file shows. */
function gitlabParts(job: GitlabJob): Part[] {
  const tokens = job.identityTokens.map(({ name, source, span }): Part => {
    return { strength: 'project', word: `identity token ${name.slice(0, NAME_CHARS_MAX)}`, source, span };
  });
  const secrets = job.secrets.map(({ name, key }): Part => {
    const word = `secret ${name.slice(0, NAME_CHARS_MAX)}`;
    return { strength: 'project', word, source: job.place.source, span: key };
  });
  const { source, span } = job.place;
  return [...tokens, ...secrets, { strength: 'unknown', word: 'protected variables', source, span }];
}

function partsOf(job: Job): Part[] {
  return isGitlabJob(job) ? gitlabParts(job) : [...rolesIn(job), ...secretsIn(job), ...tokenOf(job)];
}

function computeReach(job: Job): Reach {
  const own = partsOf(job);
  // Publishing needs one of the others, or it could not; alone it says nothing.
  const all = own.length === 0 ? own : [...publishingIn(job), ...own, ...environmentOf(job)];
  const parts = all.toSorted((left, right) => compareStrength(left.strength, right.strength));
  const [first] = parts;
  const { source } = job.pipeline;
  if (first === undefined) return { strength: 'nothing', words: [], source, span: job.key };
  const words = [...new Set(parts.map(({ word }) => word))];
  const left = words.length - WORDS_MAX;
  return {
    strength: first.strength,
    words: left > 0 ? [...words.slice(0, WORDS_MAX), `${left} more`] : words,
    source: first.source,
    span: first.span,
  };
}

const known = new WeakMap<Job, Reach>();

/** What somebody gets who runs code in a job. */
export function reachOf(job: Job): Reach {
  const reach = known.get(job) ?? computeReach(job);
  known.set(job, reach);
  return reach;
}
