import { entropyOf } from '../checks/entropy.ts';
import type { RuleMatch } from '../compiled-rule.ts';
import type { SecretTier } from '../rule.ts';
import { isPlausibleValue } from './plausible-value.ts';

/** RFC 7617 §2: `user:password` in base64. */
export function judgeBasic({ value }: RuleMatch): SecretTier | undefined {
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const password = /^[\x20-\x39\x3b-\x7e]{0,200}:([\x20-\x7e]{1,200})$/.exec(decoded)?.[1];
  return password !== undefined && isPlausibleValue(password) ? 'generic' : undefined;
}

/** The same in a Docker configuration, where nobody writes anything else. */
export function judgeDockerAuth(match: RuleMatch): SecretTier | undefined {
  return judgeBasic(match) === undefined ? undefined : 'high';
}

const BEARER_ENTROPY_MIN = 3;

/** RFC 6750 §2.1. JSON web tokens have a rule of their own. */
export function judgeBearer({ value }: RuleMatch): SecretTier | undefined {
  if (value.startsWith('eyJ') || !/\d/.test(value) || entropyOf(value) < BEARER_ENTROPY_MIN) return undefined;
  return isPlausibleValue(value) ? 'generic' : undefined;
}

/** `curl --user name:password`. */
export function judgeUserOption({ value }: RuleMatch): SecretTier | undefined {
  return isPlausibleValue(value) ? 'generic' : undefined;
}
