import type { DeclaredTrust } from './found-trust.ts';

const EVERYTHING = /AdministratorAccess|PowerUserAccess|IAMFullAccess|roles\/(?:owner|editor)\b/;
const FOR_PRODUCTION = /prod(?:uction)?\b|deploy|release|publish|admin|apply|\blive\b|terraform/i;
const FOR_LOOKING =
  /plan\b|read|view|test|lint|scan|audit|\bdev(?:elop(?:ment)?)?\b|\bstag(?:e|ing)\b|preview|sandbox|\bqa\b|\bci\b/i;

export type Purpose = Pick<DeclaredTrust, 'privilege' | 'isForLooking'>;

/** What a role is for, as far as its names and the policies beside it say. */
export function purposeOf(names: readonly string[], grants: readonly string[]): Purpose {
  // `_` is a part of a word for regular expressions, and none for people.
  const words = names.map((each) => each.slice(0, 200).replaceAll('_', ' '));
  const grant = grants.find((each) => EVERYTHING.test(each));
  if (grant !== undefined) return { privilege: EVERYTHING.exec(grant)?.[0], isForLooking: false };
  const isForLooking = words.some((each) => FOR_LOOKING.test(each));
  const name = isForLooking ? undefined : words.find((each) => FOR_PRODUCTION.test(each));
  return { privilege: name === undefined ? undefined : FOR_PRODUCTION.exec(name)?.[0], isForLooking };
}
