/**
 * What entries of the timeline are found by, and joined by: who it was, never where from. Each is a kind and an id
 * of the source, joined by `:`, with the platform where ids of several platforms could be the same.
 *
 * - `principal:` the workload, as policies name it (`github/repo:acme/shop:ref:refs/heads/main`)
 * - `actor:` a person or a service at a platform, by id (`github/583231`)
 * - `resource:` what was reached, by its name in our configuration
 * - `project:` a repository at a platform, by id (`github/74`)
 * - `run:` one run of a pipeline (`github/9876`)
 * - `decision:` one decision of ours, which also names the session that it opened at a cloud
 */
export type IdentityKeyKind = 'principal' | 'actor' | 'resource' | 'project' | 'run' | 'decision';

export function identityKey(
  kind: IdentityKeyKind,
  id: string | undefined,
  platform?: string,
): string | undefined {
  if (id === undefined || id === '') return undefined;
  return platform === undefined ? `${kind}:${id}` : `${kind}:${platform}/${id}`;
}

/** Kinds of identity providers, and the short name by which the inputs of the same platform go. */
const PLATFORMS: ReadonlyMap<string, string> = new Map([
  ['github-actions', 'github'],
  ['gitlab-ci', 'gitlab'],
]);

export function shortPlatform(platform: string): string {
  return PLATFORMS.get(platform) ?? platform;
}

const DECISION_ID = /dec_[0-9A-HJKMNP-TV-Z]{26}/;

/** Our decision in the name of a cloud's session, which is `vouchgate-<decision>` unless it was configured otherwise. */
export function decisionIn(text: string | undefined): string | undefined {
  return DECISION_ID.exec(text?.slice(0, 200) ?? '')?.[0];
}
