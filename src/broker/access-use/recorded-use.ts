import type { DecisionShape } from '#audit/decision-index/ports.ts';
import { PERSONAL } from '#audit/log/personal-data.ts';
import { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { RecordedUse } from '#policy/recorded-use.ts';
import { readRecordedPosture } from '../recorded-posture.ts';

/** `unverified`: its token was refused, so there is nobody · `unreadable`: written by another version. */
export type ReadUse =
  | { ok: true; use: RecordedUse; erased: boolean }
  | { ok: false; why: 'unverified' | 'unreadable' };

/** What the newest decision of its kind was made from, as it was recorded. */
export function readUse(shape: DecisionShape): ReadUse {
  const { body, timeMs } = shape.latest;
  if (body['identity'] === undefined || shape.resource === undefined) return { ok: false, why: 'unverified' };
  const { identity, erased } = withoutErased(body['identity']);
  const parsed = WorkloadIdentity.safeParse(identity);
  if (!parsed.success) return { ok: false, why: 'unreadable' };
  const { sourceIp, holder, posture } = body;
  const { issued, allowed, failed, denied } = shape.outcomes;
  return {
    ok: true,
    erased,
    use: {
      identity: parsed.data,
      resource: shape.resource,
      allowed: issued + allowed + failed,
      denied,
      firstMs: shape.firstMs,
      lastMs: shape.lastMs,
      lastDecision: shape.latest.decision ?? '',
      keyBound: typeof holder === 'string',
      sourceIp: typeof sourceIp === 'string' && sourceIp !== PERSONAL ? sourceIp : undefined,
      posture: readRecordedPosture(posture, timeMs),
      determining: shape.policies,
    },
  };
}

/** Where a person was erased, the mark stands in the place of a whole object. */
function withoutErased(identity: unknown): { identity: unknown; erased: boolean } {
  if (typeof identity !== 'object' || identity === null || !('actor' in identity)) {
    return { identity, erased: false };
  }
  if (identity.actor !== PERSONAL) return { identity, erased: false };
  const { actor: _actor, ...rest } = identity;
  return { identity: rest, erased: true };
}

/** The same job under another policy is the same job: its runs are added up, and the newest stands for them. */
export function mergeUses(uses: readonly RecordedUse[]): RecordedUse[] {
  const merged = new Map<string, RecordedUse>();
  for (const use of uses) {
    const key = JSON.stringify(sameness(use));
    const other = merged.get(key);
    merged.set(key, other === undefined ? use : addUp(other, use));
  }
  return [...merged.values()].sort((left, right) => right.lastMs - left.lastMs);
}

function sameness({ identity, resource, keyBound, posture }: RecordedUse): unknown[] {
  const { provider, subject, org, project, ref, environment, trigger, config, callee, forked, interactive } =
    identity;
  return [
    provider,
    subject,
    org?.id,
    project?.id,
    [ref?.full, ref?.protected],
    environment?.name,
    trigger,
    config?.uri,
    callee?.uri,
    identity.runner?.hosting,
    forked,
    interactive,
    resource,
    keyBound,
    posture?.known === true ? posture.posture.grade : posture?.known,
  ];
}

function addUp(one: RecordedUse, other: RecordedUse): RecordedUse {
  const newest = one.lastMs >= other.lastMs ? one : other;
  return {
    ...newest,
    allowed: one.allowed + other.allowed,
    denied: one.denied + other.denied,
    firstMs: Math.min(one.firstMs, other.firstMs),
    determining: [...new Set([...one.determining, ...other.determining])],
  };
}
