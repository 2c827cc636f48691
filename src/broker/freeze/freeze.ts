import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { projectEntityId } from '#identity/principal.ts';

/** `name` of a repository: a full name, all below one (`acme/*`), or `<identity provider>/<project id>`. */
export type FreezeTarget =
  | { readonly kind: 'everything' }
  | { readonly kind: 'identityProvider' | 'resource' | 'repository'; readonly name: string };

/** An emergency stop: while it stands nobody under it gets or renews a credential, whatever policies say. */
export interface Freeze {
  /** `frz_…` */
  readonly id: string;
  readonly target: FreezeTarget;
  readonly reason: string;
  /** Subject of the person. */
  readonly frozenBy: string;
  readonly frozenAtMs: number;
  /** It ends by itself then; undefined: when somebody lifts it. */
  readonly untilMs: number | undefined;
}

export interface FreezeStore {
  addFreeze(freeze: Freeze): Promise<void>;
  /** Compare and set: false when there is none of this id that still stands. */
  liftFreeze(id: string, liftedBy: string, nowMs: number): Promise<boolean>;
  /** Those that were not lifted and have not ended, newest first, at most 1,000. */
  freezesInForce(nowMs: number): Promise<Freeze[]>;
}

/** What is asked about: of an identity without a project only the provider is known. */
export interface FreezeSubject {
  readonly identity: Pick<WorkloadIdentity, 'provider' | 'project'>;
  readonly resource: string;
}

export function isUnderFreeze(target: FreezeTarget, { identity, resource }: FreezeSubject): boolean {
  if (target.kind === 'everything') return true;
  if (target.kind === 'identityProvider') return target.name === identity.provider;
  return target.kind === 'resource' ? target.name === resource : isRepository(target.name, identity);
}

/**
 * Platforms take names for equal whatever their case, and an emergency stop must not depend on how somebody spelled
 * one. An id stays when the repository is renamed, which its owner may do to get away.
 */
function isRepository(name: string, identity: FreezeSubject['identity']): boolean {
  if (projectEntityId(identity) === name) return true;
  const path = identity.project?.path?.toLowerCase();
  const wanted = name.toLowerCase();
  if (path === undefined) return false;
  return wanted.endsWith('/*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted;
}

/** For people: `resource shop-db`. */
export function describeFreezeTarget(target: FreezeTarget): string {
  if (target.kind === 'everything') return 'everything';
  return `${target.kind === 'identityProvider' ? 'identity provider' : target.kind} ${target.name}`;
}
