/**
 * The record as it came, for people who look closer: CloudTrail's answer of AssumeRole holds a live session token,
 * so members that are named like secrets are blotted out at any depth, and the whole is bounded.
 */
const SECRET_NAME =
  /(?:token|secret|passw(?:or)?d|passphrase|authorization|cookie|credential|private_?key|signature|api_?key)/i;
/** Named like a secret, and none: what tokens are called, not what they are. */
const PUBLIC_NAME = /(?:_id|Id|_type|Type|_name|Name|_scopes|Scopes|_count|expiration|expires_at)$/;
const BLOTTED = '[redacted]';
const DEPTH_MAX = 12;
const MEMBERS_MAX = 200;
const TEXT_CHARS_MAX = 2_000;
export const RAW_CHARS_MAX = 16_384;

function isSecret(name: string, value: unknown): boolean {
  return SECRET_NAME.test(name.slice(0, 200)) && !PUBLIC_NAME.test(name.slice(0, 200)) && !isContainer(value);
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function reduce(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, TEXT_CHARS_MAX);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[too deep]';
  if (Array.isArray(value)) return value.slice(0, MEMBERS_MAX).map((each) => reduce(each, depth + 1));
  const kept: [string, unknown][] = [];
  for (const [name, each] of Object.entries(value).slice(0, MEMBERS_MAX)) {
    kept.push([name.slice(0, TEXT_CHARS_MAX), isSecret(name, each) ? BLOTTED : reduce(each, depth + 1)]);
  }
  // Defined, not assigned: `__proto__` of a hostile record becomes an ordinary member.
  return Object.fromEntries(kept);
}

/** JSON of at most {@link RAW_CHARS_MAX} characters; what does not fit is cut off, and then it is no JSON any more. */
export function keepRaw(record: unknown): string {
  const text = (JSON.stringify(reduce(record, 0)) ?? 'null').toWellFormed();
  return text.length <= RAW_CHARS_MAX ? text : `${text.slice(0, RAW_CHARS_MAX - 1)}…`;
}
