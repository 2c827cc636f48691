import { hash } from 'node:crypto';
import path from 'node:path';
import type { PostureReach } from '#broker/configuration/posture-opener.ts';
import type { PostureSection, PostureSourceEntry } from '#broker/configuration/posture-section.ts';
import type { PostureSource } from '#broker/posture-source.ts';
import type { Clock } from '#core/clock.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import { createPostureSource } from './create-posture-source.ts';
import type { DefinitionSource } from './definition-source.ts';
import type { LoadedGatePolicy } from './gate-policy.ts';
import type { InspectionThreads } from './inspection-threads.ts';
import type { ReportedFindings } from './reported-findings.ts';
import { createGithubSource } from './sources/github-source.ts';
import { createGitlabSource } from './sources/gitlab-source.ts';
import { type Resolve, systemResolve } from './sources/judge-host.ts';
import { createMirrorSource } from './sources/mirror-source.ts';
import { createRemoteSource } from './sources/remote-source.ts';

export interface PostureOpenerOptions {
  /** `PATH`, where git is looked for. */
  readonly searchPath: string | undefined;
  /** For objects that are fetched; made when it is needed. */
  readonly cacheFolder: string;
  /** Undefined: nobody keeps reports of other tools. */
  readonly reported: ReportedFindings | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly resolve?: Resolve;
}

const GIT_TIMEOUT_MS = 30_000;

/** The source of postures that a section of the configuration asks for. */
export function openSources(
  section: PostureSection,
  policy: LoadedGatePolicy,
  reach: PostureReach,
  threads: InspectionThreads,
  { reported, version, clock, log, ...options }: PostureOpenerOptions,
): PostureSource {
  const sources = Object.entries(section.sources).map(
    ([provider, entry]) => [provider, openSource(entry, reach, clock, options)] as const,
  );
  return createPostureSource({
    sources: new Map(sources),
    policy,
    suppressions: section.suppressions,
    timeoutMs: section.timeout * 1_000,
    threads,
    reported,
    version,
    // Rules come with the program.
    rulesVersion: version,
    clock,
    log,
  });
}

function openSource(
  entry: PostureSourceEntry,
  reach: PostureReach,
  clock: Clock,
  {
    searchPath,
    cacheFolder,
    resolve = systemResolve,
  }: Pick<PostureOpenerOptions, 'searchPath' | 'cacheFolder' | 'resolve'>,
): DefinitionSource {
  const git = { searchPath, timeoutMs: GIT_TIMEOUT_MS };
  if (entry.type === 'mirror') return createMirrorSource({ folder: entry.folder, git });
  const token = tokenOf(entry.token, reach);
  if (entry.type !== 'git') {
    const platform = { url: entry.url, token, fetch: reach.fetch };
    return entry.type === 'github' ? createGithubSource(platform) : createGitlabSource(platform);
  }
  return createRemoteSource({
    url: entry.url,
    username: entry.username,
    token,
    sshKeyFile: entry.sshKeyFile,
    knownHostsFile: entry.knownHostsFile,
    cacheFolder: path.join(cacheFolder, hash('sha256', entry.url).slice(0, 16)),
    allowPrivateHosts: reach.allowPrivateHosts,
    resolve,
    git,
    clock,
  });
}

function tokenOf(
  reference: SecretReference | undefined,
  reach: PostureReach,
): (() => Promise<Secret>) | undefined {
  return reference === undefined ? undefined : () => reach.resolveSecret(reference);
}
