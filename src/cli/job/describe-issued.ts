import type { Issued } from '../client/exchange-answer.ts';
import { formatDuration } from '../output.ts';

/** `shop-db: postgres as vg_shop_01 for 15 min (dec_…)` */
export function describeIssued(issued: Issued, nowMs: number): string {
  const { resource, credentialType, values, expiresAtMs, decision } = issued;
  const user = Object.hasOwn(values, 'username') ? values['username']?.reveal() : undefined;
  const account = user === undefined ? '' : ` as ${user}`;
  return `${resource}: ${credentialType}${account} for ${formatDuration((expiresAtMs - nowMs) / 1000)} (${decision})`;
}
