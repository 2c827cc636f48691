import { ADMIN_SUBJECT } from '../grants.ts';
import type { SignedIn } from '../ports.ts';

const SUBJECT_CHARS_MAX = 255;
const NAME_CHARS_MAX = 200;
const GROUPS_MAX = 1_000;
const GROUP_CHARS_MAX = 300;

type Claims = Readonly<Record<string, unknown>>;

/** OpenID Connect Core §2: at most 255 ASCII characters. Nobody can sign in as the owner of the admin link. */
export function isSubject(subject: string): boolean {
  return /^[\x20-\x7e]+$/.test(subject) && subject.length <= SUBJECT_CHARS_MAX && subject !== ADMIN_SUBJECT;
}

/** For show only: whoever has an account chooses it. */
function nameOf(claims: Claims): string | undefined {
  const [name] = [claims['name'], claims['preferred_username'], claims['email']].filter(
    (claim) => typeof claim === 'string' && claim.trim() !== '',
  );
  return typeof name === 'string' ? plainText(name) : undefined;
}

/** Neither control characters nor those that turn the direction of the text around them. */
function plainText(text: string): string {
  const plain = text
    .slice(0, NAME_CHARS_MAX)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return plain.trim();
}

/** Undefined where the claim is not there at all. A single group may come as a text. */
export function readGroups(claims: Claims, claim: string): readonly string[] | undefined {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (value === undefined || value === null) return undefined;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const groups = values.filter(
    (group): group is string => typeof group === 'string' && group !== '' && group.length <= GROUP_CHARS_MAX,
  );
  return [...new Set(groups)].slice(0, GROUPS_MAX);
}

/** Entra ID leaves groups out when there are too many, and says so (OpenID Connect Core §5.6.2). */
export function isOverage(claims: Claims, claim: string): boolean {
  const names = claims['_claim_names'];
  return typeof names === 'object' && names !== null && Object.hasOwn(names, claim);
}

export function personOf(
  issuer: string,
  subject: string,
  claims: Claims,
  groups: readonly string[],
): SignedIn {
  return { subject, name: nameOf(claims), signedInBy: 'oidc', issuer, groups };
}
