import { setImmediate } from 'node:timers/promises';
import type { Fact } from '#identity/refusal.ts';
import type { PolicyDenialReason } from './access-request.ts';
import { type PolicySet, type RecordedUse, requestOfUse } from './recorded-use.ts';

/** About two milliseconds; then exchanges of the same process get their turn. */
const SLICE_USES = 100;

export type ReplayReason =
  | PolicyDenialReason
  | 'resource_unknown'
  | 'identity_provider_unknown'
  | 'proof_required';

export type Verdict =
  | { outcome: 'allowed'; policies: readonly string[] }
  | { outcome: 'denied'; reason: ReplayReason; policies: readonly string[]; facts: readonly Fact[] }
  /** A posture would decide, and nobody asked for one when it ran. */
  | { outcome: 'unclear'; policies: readonly string[] };

export interface ReplayedUse {
  use: RecordedUse;
  before: Verdict;
  after: Verdict;
}

export interface ReplayOutcome {
  lose: ReplayedUse[];
  gain: ReplayedUse[];
  unclear: ReplayedUse[];
  unchanged: { allowed: number; denied: number };
}

/** What the policies in `set` say to a recorded use, with what was known when it ran. */
export function judgeUse(use: RecordedUse, set: PolicySet): Verdict {
  if (!set.identityProviders.has(use.identity.provider)) {
    return without('identity_provider_unknown', 'identityProvider', use.identity.provider);
  }
  const request = requestOfUse(use, set);
  if (request === undefined) return without('resource_unknown', 'resource', use.resource);
  if (set.resources.get(use.resource)?.proofRequired === true && !use.keyBound) {
    const facts = [{ name: 'context.keyBound', expected: 'true', received: 'false' }];
    return { outcome: 'denied', reason: 'proof_required', policies: [], facts };
  }
  if (use.posture === undefined && set.engine.outlook(request) === 'depends-on-posture') {
    return { outcome: 'unclear', policies: postureReaders(set, use) };
  }
  const decision = set.engine.decide(request);
  if (decision.outcome === 'allow') return { outcome: 'allowed', policies: decision.determining };
  const { reason, determining, facts } = decision;
  return { outcome: 'denied', reason, policies: determining, facts };
}

function without(reason: ReplayReason, name: string, received: string): Verdict {
  const facts = [{ name, expected: 'one of the configuration', received }];
  return { outcome: 'denied', reason, policies: [], facts };
}

function postureReaders({ engine }: PolicySet, { resource }: RecordedUse): string[] {
  return engine.policies
    .filter(
      ({ readsPosture, resource: scope }) => readsPosture && (scope.entity?.id ?? resource) === resource,
    )
    .map(({ id }) => id)
    .slice(0, 20);
}

/** Both versions judge every use; what differs is named with the facts that make the difference. */
export async function replayUses(
  uses: readonly RecordedUse[],
  before: PolicySet,
  after: PolicySet,
): Promise<ReplayOutcome> {
  const outcome: ReplayOutcome = { lose: [], gain: [], unclear: [], unchanged: { allowed: 0, denied: 0 } };
  for (const [index, use] of uses.entries()) {
    if (index % SLICE_USES === SLICE_USES - 1) await setImmediate();
    sortInto(outcome, { use, before: judgeUse(use, before), after: judgeUse(use, after) });
  }
  return outcome;
}

function sortInto(outcome: ReplayOutcome, replayed: ReplayedUse): void {
  const [before, after] = [replayed.before.outcome, replayed.after.outcome];
  if (before === after) {
    // What depended on a posture before and still does is as it was: denied or not, nobody can say.
    if (after === 'allowed') outcome.unchanged.allowed += 1;
    else outcome.unchanged.denied += 1;
  } else if (before === 'unclear' || after === 'unclear') outcome.unclear.push(replayed);
  else if (after === 'denied') outcome.lose.push(replayed);
  else outcome.gain.push(replayed);
}
