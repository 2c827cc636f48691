import { hash } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { CredentialRequest } from '#credentials/provider.ts';
import { describeWorkload } from '#identity/principal.ts';
import type { VerifiedToken } from '#identity/workload-identity.ts';
import type { Grant } from './decide.ts';
import type { Intent, Lease } from './ports.ts';

/** How long the back-end has before the sweeper takes a pending lease for abandoned; never past the lease's own end. */
export const PENDING_GRACE_MS = 60_000;
/** Longer than the back-end is waited for: the sweeper must not meet a call that is still running. */
const PENDING_GRACE_MS_MIN = 20_000;
/**
 * Past the token's end plus the largest leeway (60 s) nobody can present it again, so its replay key may go. A
 * proof may be of 60 s ahead, and is accepted for 60 s more.
 */
const REPLAY_MARGIN_MS = 240_000;

export interface LeasePlan {
  lease: Lease;
  request: CredentialRequest<object>;
}

export function planLease(
  grant: Grant,
  decision: string,
  ttlSecondsAsked: number | undefined,
  clock: Clock,
): LeasePlan {
  const { resource, source } = grant;
  const nowMs = clock.nowMs();
  const ttlSeconds = Math.max(
    source.kind.ttlSeconds.min,
    Math.min(ttlSecondsAsked ?? resource.ttlSeconds, resource.ttlSecondsMax, source.kind.ttlSeconds.max),
  );
  const request: CredentialRequest<object> = {
    leaseId: newId('lse', clock),
    decisionId: decision,
    identity: grant.verified.identity,
    principalId: grant.principal,
    resource: resource.name,
    parameters: resource.parameters,
    ttlSeconds,
    issuedAtMs: nowMs,
  };
  const external = source.kind.effect === 'external';
  const expiresAtMs = nowMs + ttlSeconds * 1_000;
  const lease: Lease = {
    id: request.leaseId,
    decision,
    state: external ? 'pending' : 'active',
    resource: resource.name,
    credentialProvider: source.name,
    principal: grant.principal,
    workload: describeWorkload(grant.verified.identity),
    holder: grant.holder?.thumbprint,
    handle: source.provider.plan(request),
    revocable: source.kind.revocable,
    createdAtMs: nowMs,
    expiresAtMs,
    expiresAtMsMax: nowMs + resource.ttlSecondsMax * 1_000,
    endedAtMs: undefined,
    dueAtMs: external ? nowMs + pendingGraceMs(ttlSeconds) : expiresAtMs,
    attempts: 0,
    lastError: undefined,
  };
  return { lease, request };
}

function pendingGraceMs(ttlSeconds: number): number {
  return Math.max(PENDING_GRACE_MS_MIN, Math.min(PENDING_GRACE_MS, ttlSeconds * 1_000));
}

/** The request as it was when this lease was made: for giving the same credential to the same holder again. */
export function repeatRequest(grant: Grant, lease: Lease): CredentialRequest<object> {
  return {
    leaseId: lease.id,
    decisionId: lease.decision,
    identity: grant.verified.identity,
    principalId: grant.principal,
    resource: grant.resource.name,
    parameters: grant.resource.parameters,
    ttlSeconds: Math.floor((lease.expiresAtMs - lease.createdAtMs) / 1_000),
    issuedAtMs: lease.createdAtMs,
  };
}

export function replayClaim(
  grant: Grant,
  decision: string,
  clock: Clock,
): Pick<Intent, 'replay' | 'retryKey'> {
  const tokenKey = tokenKeyOf(grant.verified);
  const { holder } = grant;
  return {
    replay: {
      tokenKey,
      proofKey: holder?.proofKey,
      holder: holder?.thumbprint,
      decision,
      expiresAtMs: Math.max(grant.verified.expiresAtSeconds * 1_000, clock.nowMs()) + REPLAY_MARGIN_MS,
    },
    retryKey: holder && digest('retry', tokenKey, holder.thumbprint, grant.resource.name),
  };
}

/** `jti` is unique only within its issuer; where a platform gives none, the signed token itself is the key. */
function tokenKeyOf(verified: VerifiedToken): string {
  return verified.tokenId === undefined
    ? digest('token', verified.tokenDigest)
    : digest('jti', verified.identity.issuer, verified.tokenId);
}

function digest(...parts: string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
