import type { Use, WorkloadUse } from '#api/access-use.ts';
import type { Freeze as FreezeView } from '#api/freeze.ts';
import type { ReplayedUse as ReplayedUseView } from '#api/replay.ts';
import type { Freeze } from '#broker/freeze/freeze.ts';
import { describeWorkload, principalIdOf } from '#identity/principal.ts';
import type { PolicySet, RecordedUse } from '#policy/recorded-use.ts';
import { judgeUse, type ReplayedUse, type Verdict } from '#policy/replay.ts';
import { factsOf, momentOf, momentOrNull } from '../views.ts';

export function freezeView(freeze: Freeze): FreezeView {
  const { id, target, reason, frozenBy, frozenAtMs, untilMs } = freeze;
  return { id, target, reason, frozenBy, frozenAt: momentOf(frozenAtMs), until: momentOrNull(untilMs) };
}

export function sumUses(uses: readonly RecordedUse[]): Use {
  const lastMs = uses.reduce((last, use) => Math.max(last, use.lastMs), 0);
  return {
    allowed: uses.reduce((sum, use) => sum + use.allowed, 0),
    denied: uses.reduce((sum, use) => sum + use.denied, 0),
    lastUsed: lastMs === 0 ? null : momentOf(lastMs),
  };
}

/** Most used first. */
export function byRuns(left: RecordedUse, right: RecordedUse): number {
  return right.allowed + right.denied - (left.allowed + left.denied);
}

export function workloadUseView(use: RecordedUse, set: PolicySet): WorkloadUse {
  const { identity, resource, lastDecision } = use;
  const verdict = judgeUse(use, set);
  return {
    workload: describeWorkload(identity),
    principal: principalIdOf(identity),
    repository: identity.project?.path ?? null,
    resource,
    ref: identity.ref?.full ?? null,
    environment: identity.environment?.name ?? null,
    trigger: identity.trigger ?? null,
    use: sumUses([use]),
    lastDecision,
    allowedNow: verdict.outcome === 'allowed',
    policies: [...verdict.policies],
  };
}

function denialOf(...verdicts: Verdict[]) {
  return verdicts.find((verdict) => verdict.outcome === 'denied');
}

export function replayedUseView({ use, before, after }: ReplayedUse): ReplayedUseView {
  const { identity, resource, lastMs, lastDecision } = use;
  const denial = denialOf(after, before);
  return {
    workload: describeWorkload(identity),
    principal: principalIdOf(identity),
    repository: identity.project?.path ?? null,
    resource,
    runs: use.allowed + use.denied,
    lastSeen: momentOf(lastMs),
    lastDecision,
    before: [...before.policies],
    after: [...after.policies],
    reason: denial?.reason ?? null,
    facts: factsOf(denial?.facts ?? []),
  };
}
