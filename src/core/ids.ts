import { randomFillSync } from 'node:crypto';
import type { Clock } from './clock.ts';

/** `dec` a decision, `lse` a lease, `evt` an audit event, `ses` a session, `key` a signing key, `cfg` a configuration version, `fnd` a finding, `rep` a report, `chg` a change of findings, `ins` an inspection, `frz` a freeze, `prp` a proposed change, `tok` an API token. */
export type IdPrefix =
  | 'dec'
  | 'lse'
  | 'evt'
  | 'ses'
  | 'key'
  | 'cfg'
  | 'fnd'
  | 'rep'
  | 'chg'
  | 'ins'
  | 'frz'
  | 'prp'
  | 'tok';

// Crockford's base 32: no I, L, O, U, so that an id survives being read aloud.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARS = 10;
const RANDOM_BYTES = 16;
const POOL_BYTES = 4096;
const ID_PATTERN = /^(dec|lse|evt|ses|key|cfg|fnd|rep|chg|ins|frz|prp|tok)_[0-9A-HJKMNP-TV-Z]{26}$/;

const pool = Buffer.alloc(POOL_BYTES);
let poolOffset = POOL_BYTES;

function nextRandomOffset(): number {
  if (poolOffset + RANDOM_BYTES > POOL_BYTES) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const offset = poolOffset;
  poolOffset += RANDOM_BYTES;
  return offset;
}

/**
 * A new id: prefix, 48 bits of time and 80 random bits, in the order of ULID, so that ids made later sort
 * later and an index on them only ever grows at its end.
 */
export function newId(prefix: IdPrefix, clock: Clock): string {
  let time = clock.nowMs();
  let head = '';
  for (let position = 0; position < TIME_CHARS; position += 1) {
    head = ALPHABET.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  const offset = nextRandomOffset();
  let tail = '';
  for (let index = 0; index < RANDOM_BYTES; index += 1) {
    tail += ALPHABET.charAt((pool[offset + index] ?? 0) & 31);
  }
  return `${prefix}_${head}${tail}`;
}

export function isId(prefix: IdPrefix, text: string): boolean {
  return ID_PATTERN.test(text) && text.startsWith(`${prefix}_`);
}
