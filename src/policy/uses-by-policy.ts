import { setImmediate } from 'node:timers/promises';
import { type PolicySet, type RecordedUse, requestOfUse } from './recorded-use.ts';

const SLICE_USES = 100;

/** Policies whose scope and conditions hold for the use, by id; those that fail count, as they decide. */
export function policiesOfUse(use: RecordedUse, set: PolicySet): string[] {
  const request = requestOfUse(use, set);
  if (request === undefined) return [];
  const { permits, forbids, failures } = set.engine.evaluate(request);
  return [...permits, ...forbids, ...failures].map(({ id }) => id);
}

/** Whom each policy applies to; a policy that nobody met is not in it. */
export async function usesByPolicy(
  uses: readonly RecordedUse[],
  set: PolicySet,
): Promise<Map<string, RecordedUse[]>> {
  const byPolicy = new Map<string, RecordedUse[]>();
  for (const [index, use] of uses.entries()) {
    if (index % SLICE_USES === SLICE_USES - 1) await setImmediate();
    for (const id of policiesOfUse(use, set)) {
      const list = byPolicy.get(id) ?? [];
      byPolicy.set(id, list);
      list.push(use);
    }
  }
  return byPolicy;
}
