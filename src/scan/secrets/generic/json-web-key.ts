import { entropyOf } from '../checks/entropy.ts';
import type { RuleMatch } from '../compiled-rule.ts';
import type { SecretTier } from '../rule.ts';

const ENTROPY_MIN = 4;

/** RFC 7518 §6: `d` is the private half of RSA, EC and OKP keys; `k` is all of a symmetric one. */
export function judgeWebKey({ value }: RuleMatch): SecretTier | undefined {
  return entropyOf(value) >= ENTROPY_MIN ? 'high' : undefined;
}
