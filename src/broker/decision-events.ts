import type { AuditEvent, AuditEventType } from '#audit/event.ts';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { VerifiedToken } from '#identity/workload-identity.ts';
import type { PolicyDecision } from '#policy/access-request.ts';
import type { ExchangeDenial } from './exchange.ts';
import type { Lease } from './ports.ts';
import type { PostureInspection } from './posture-source.ts';
import { recordOfPosture } from './recorded-posture.ts';

/** What is known of an exchange so far; grows as it proceeds. */
export interface ExchangeFacts {
  decision: string;
  target: string;
  principal: string | undefined;
  verified: VerifiedToken | undefined;
  holder: string | undefined;
  sourceIp: string | undefined;
  policy: PolicyDecision | undefined;
  /** Undefined when no policy asked for it. */
  posture?: PostureInspection | undefined;
}

const UNKNOWN_WORKLOAD = 'unverified';

/** Everything that the decision was made from, so that it can be explained, and replayed under another policy. */
function inputsOf(facts: ExchangeFacts): Record<string, unknown> {
  const { verified } = facts;
  return {
    ...(verified === undefined
      ? {}
      : {
          identity: verified.identity,
          token: {
            id: verified.tokenId,
            digest: verified.tokenDigest,
            expiresAtSeconds: verified.expiresAtSeconds,
          },
        }),
    ...(facts.holder === undefined ? {} : { holder: facts.holder }),
    ...(facts.sourceIp === undefined ? {} : { sourceIp: facts.sourceIp }),
    ...(facts.posture === undefined ? {} : { posture: recordOfPosture(facts.posture) }),
    ...(facts.policy === undefined
      ? {}
      : { policy: { version: facts.policy.policyVersion, determining: facts.policy.determining } }),
  };
}

function eventOf(
  type: AuditEventType,
  facts: ExchangeFacts,
  clock: Clock,
  lease: string | undefined,
  body: Record<string, unknown>,
): AuditEvent {
  return {
    id: newId('evt', clock),
    timeMs: clock.nowMs(),
    type,
    actor: { kind: 'workload', id: facts.principal ?? UNKNOWN_WORKLOAD },
    decision: facts.decision,
    resource: facts.target,
    ...(lease === undefined ? {} : { lease }),
    body,
  };
}

export function allowedEvent(
  type: 'decision.issued' | 'decision.allowed',
  facts: ExchangeFacts,
  lease: Lease,
  clock: Clock,
): AuditEvent {
  return eventOf(type, facts, clock, lease.id, {
    ...inputsOf(facts),
    credential: {
      provider: lease.credentialProvider,
      expiresAtMs: lease.expiresAtMs,
      handle: lease.handle,
    },
  });
}

export function deniedEvent(facts: ExchangeFacts, denial: ExchangeDenial, clock: Clock): AuditEvent {
  return eventOf('decision.denied', facts, clock, undefined, {
    ...inputsOf(facts),
    denial: { code: denial.code, message: denial.message, facts: denial.facts, remedy: denial.remedy },
  });
}

/** A step in the life of a lease; `reason` is for people. */
export function leaseEvent(
  type: Exclude<AuditEventType, `decision.${string}`>,
  lease: Lease,
  actor: AuditEvent['actor'],
  clock: Clock,
  body: Record<string, unknown> = {},
): AuditEvent {
  return {
    id: newId('evt', clock),
    timeMs: clock.nowMs(),
    type,
    actor,
    decision: lease.decision,
    resource: lease.resource,
    lease: lease.id,
    body,
  };
}
