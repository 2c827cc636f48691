import type { WorkloadIdentity } from '#identity/workload-identity.ts';

/** Definitions of one repository at one commit. */
export interface DefinitionPoint {
  /** As the platform names it: `acme/shop`, `group/sub/project`. */
  readonly repository: string;
  /** Full hash: content cannot change under it, whoever has the name of the repository now. */
  readonly commit: string;
  /** Path of the definition; undefined where the token names none: then all of the repository count. */
  readonly file: string | undefined;
}

/** Exactly what a token's claims name. */
export interface PipelineSubject {
  readonly provider: string;
  readonly pipeline: DefinitionPoint;
  /** The reusable definition that the job itself comes from, where it lies elsewhere or at another commit. */
  readonly callee: DefinitionPoint | undefined;
  readonly ref: string | undefined;
  readonly environment: string | undefined;
}

export type SubjectReading = { ok: true; subject: PipelineSubject } | { ok: false; reason: string };

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** A name becomes part of a path or a URL: no part that leads up, starts with a dash, or is empty. */
const REPOSITORY = /^(?:[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}\/){1,20}[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/;
const FILE_CHARS_MAX = 500;

export function isRepositoryName(text: string): boolean {
  return REPOSITORY.test(text) && !text.includes('..') && !/(?:^|\/)\.(?:\/|$)|\.git(?:\/|$)/i.test(text);
}

export function isPlainPath(file: string): boolean {
  if (file.length > FILE_CHARS_MAX || /[\0\\\n]/.test(file)) return false;
  return file
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part));
}

interface NamedDefinition {
  readonly repository: string;
  readonly file: string;
}

/**
 * `owner/name/.github/workflows/ci.yml@refs/heads/main` of GitHub, `host/group/project//.gitlab-ci.yml@refs/heads/main`
 * of GitLab. The part behind `@` is a name that moves; the claim with the hash says which content it was.
 */
function parseUri(uri: string): NamedDefinition | undefined {
  const at = uri.indexOf('@');
  const place = at === -1 ? uri : uri.slice(0, at);
  const double = place.indexOf('//');
  if (double !== -1) {
    const [, ...parts] = place.slice(0, double).split('/');
    return named(parts.join('/'), place.slice(double + 2));
  }
  const [owner = '', name = '', ...file] = place.split('/');
  return named(`${owner}/${name}`, file.join('/'));
}

function named(repository: string, file: string): NamedDefinition | undefined {
  return isRepositoryName(repository) && isPlainPath(file) ? { repository, file } : undefined;
}

function refuse(reason: string): SubjectReading {
  return { ok: false, reason };
}

/** What to inspect for a workload, or why that cannot be said. */
export function subjectOf(identity: WorkloadIdentity): SubjectReading {
  const { config, callee, project, commit, provider, ref, environment } = identity;
  const pipeline = pipelineOf(config, project?.path, commit);
  if (typeof pipeline === 'string') return refuse(pipeline);
  const called = calleeOf(callee);
  if (typeof called === 'string') return refuse(called);
  const subject = { provider, pipeline, callee: called, ref: ref?.full, environment: environment?.name };
  return { ok: true, subject };
}

function pipelineOf(
  config: WorkloadIdentity['config'],
  path: string | undefined,
  commit: string | undefined,
): DefinitionPoint | string {
  if (config?.uri === undefined) {
    if (path === undefined || !isRepositoryName(path))
      return 'the token names no repository that we can look up';
    if (commit === undefined || !COMMIT.test(commit)) return 'the token names no commit';
    return { repository: path, commit, file: undefined };
  }
  const definition = parseUri(config.uri);
  if (definition === undefined) return 'the claim that names the definition is not of a form that we know';
  const isOwn = definition.repository.toLowerCase() === path?.toLowerCase();
  const at = config.sha ?? (isOwn ? commit : undefined);
  if (at === undefined || !COMMIT.test(at)) return 'the token does not say at which commit its definition is';
  return { ...definition, commit: at };
}

function calleeOf(callee: WorkloadIdentity['callee']): DefinitionPoint | string | undefined {
  if (callee?.uri === undefined) return undefined;
  const definition = parseUri(callee.uri);
  if (definition === undefined)
    return 'the claim that names the called definition is not of a form that we know';
  if (callee.sha === undefined || !COMMIT.test(callee.sha)) {
    return 'the token does not say at which commit the called definition is';
  }
  return { ...definition, commit: callee.sha };
}

/** Tells subjects apart as the posture does; names in lower case, as platforms compare them. */
export function subjectKey({ provider, pipeline, callee, ref, environment }: PipelineSubject): string {
  const point = (each: DefinitionPoint | undefined) =>
    each === undefined ? null : [each.repository.toLowerCase(), each.commit, each.file ?? null];
  return JSON.stringify([provider, point(pipeline), point(callee), ref ?? null, environment ?? null]);
}
