import { describe, expect, test } from 'vitest';
import { createForgeKey } from '../contract/token-forge.ts';
import { createKeySet } from './key-set.ts';

const rsa = createForgeKey('RS256', 'a').jwk;
const other = createForgeKey('RS256', 'b').jwk;
const ec = createForgeKey('ES256', 'a').jwk;

describe('a key set', () => {
  test('gives the key of a kid', () => {
    expect(createKeySet([rsa, other]).choose('b', 'RS256').ok).toBe(true);
  });

  test('lets one kid stand for keys of different types (RFC 7517 §4.5)', () => {
    const keys = createKeySet([rsa, ec]);
    expect([keys.choose('a', 'RS256').ok, keys.choose('a', 'ES256').ok]).toEqual([true, true]);
  });

  test('refuses to choose between two keys of one kid', () => {
    const keys = createKeySet([rsa, { ...other, kid: 'a' }]);
    expect(keys.choose('a', 'RS256')).toEqual({ ok: false, code: 'token_key_ambiguous' });
  });

  test('takes one key that is published twice for one key', () => {
    const keys = createKeySet([rsa, { ...rsa }, { ...rsa, kid: 'copy' }]);
    expect(keys.choose('a', 'RS256').ok).toBe(true);
    expect(keys.choose(undefined, 'RS256').ok).toBe(true);
  });

  test('chooses without a kid only where one key fits', () => {
    expect(createKeySet([rsa, ec]).choose(undefined, 'ES256').ok).toBe(true);
    expect(createKeySet([rsa, other]).choose(undefined, 'RS256')).toEqual({
      ok: false,
      code: 'token_key_ambiguous',
    });
    expect(createKeySet([ec]).choose(undefined, 'RS256')).toEqual({ ok: false, code: 'token_key_unknown' });
  });

  test('leaves out what it cannot use and says why', () => {
    const keys = createKeySet([rsa, null, 'x', { kty: 'oct', k: 'AA' }]);
    expect(keys.size).toBe(1);
    expect(keys.skipped).toHaveLength(3);
  });
});
