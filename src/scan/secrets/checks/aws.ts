import type { Verdict } from './check.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ACCOUNT_MAX = 999_999_999_999n;

/**
 * The number of the account in an access key that was made since 2019; undefined in an older one. The 80 bits behind
 * the prefix begin with one that says which it is, and 40 of the account.
 */
export function accountOfAccessKey(value: string): bigint | undefined {
  let bits = 0n;
  for (const letter of value.slice(4, 14)) bits = (bits << 5n) | BigInt(BASE32.indexOf(letter));
  const isNew = bits >> 49n === 1n;
  return isNew ? (bits >> 9n) & 0xff_ffff_ffffn : undefined;
}

/** Accounts have twelve digits: a larger number belongs to nobody. That tells few made-up keys, and costs nothing. */
export function isAccessKeyOfAws(value: string): Verdict {
  if (!/^[A-Z0-9]{4}[A-Z2-7]{16}$/.test(value)) return 'impossible';
  return (accountOfAccessKey(value) ?? 0n) <= ACCOUNT_MAX ? 'holds' : 'refuted';
}
