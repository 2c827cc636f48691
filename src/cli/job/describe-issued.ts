import type { Issued } from '../client/exchange-answer.ts';
import { formatDuration } from '../output.ts';

/** `shop-db: issued for 15 min (dec_…)` and `  postgres as vg_shop_01`: what it is, in lines that fit a log. */
export function describeIssued(issued: Issued, nowMs: number): readonly string[] {
  const { resource, credentialType, values, expiresAtMs, decision } = issued;
  const user = Object.hasOwn(values, 'username') ? values['username']?.reveal() : undefined;
  const account = user === undefined ? '' : ` as ${user}`;
  return [
    `${resource}: issued for ${formatDuration((expiresAtMs - nowMs) / 1000)} (${decision})`,
    `  ${credentialType}${account}`,
  ];
}
