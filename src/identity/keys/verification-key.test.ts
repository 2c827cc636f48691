import { calculateJwkThumbprint } from 'jose';
import { describe, expect, test } from 'vitest';
import { createForgeKey } from '../contract/token-forge.ts';
import { hasPrivateMembers, importVerificationKey } from './verification-key.ts';

const rsa = createForgeKey('RS256', 'rsa').jwk;
const ec = createForgeKey('ES256', 'ec').jwk;
const ed = createForgeKey('EdDSA', 'ed').jwk;

function algorithmsOf(jwk: Record<string, unknown>): string[] {
  const imported = importVerificationKey(jwk);
  return imported.ok ? [...imported.key.checks.keys()] : [imported.reason];
}

describe('an imported key', () => {
  test('carries only the algorithms of its type, curve and alg', () => {
    expect(algorithmsOf({ ...rsa, alg: undefined })).toEqual([
      'RS256',
      'RS384',
      'RS512',
      'PS256',
      'PS384',
      'PS512',
    ]);
    expect(algorithmsOf(rsa)).toEqual(['RS256']);
    expect(algorithmsOf({ ...ec, alg: undefined })).toEqual(['ES256']);
    expect(algorithmsOf({ ...ed, alg: 'Ed25519' })).toEqual(['EdDSA']);
    expect(algorithmsOf({ ...ec, alg: 'RS256' })).toEqual([]);
  });

  test('carries none when it is not for verifying signatures', () => {
    expect(algorithmsOf({ ...rsa, use: 'enc' })).toEqual([]);
    expect(algorithmsOf({ ...rsa, key_ops: ['encrypt'] })).toEqual([]);
    expect(algorithmsOf({ ...rsa, key_ops: 'verify' })).toEqual([]);
    expect(algorithmsOf({ ...rsa, key_ops: ['verify'] })).toEqual(['RS256']);
  });

  test.each([
    ['RSA', rsa],
    ['EC', ec],
    ['OKP', ed],
  ])('has the thumbprint that jose computes (%s)', async (_, jwk) => {
    const imported = importVerificationKey(jwk);
    expect(imported.ok && imported.key.thumbprint).toBe(await calculateJwkThumbprint(jwk));
  });

  test.each([
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0' }],
    ['no type', { n: rsa.n, e: rsa.e }],
    ['a missing member', { kty: 'RSA', n: rsa.n }],
    ['a member of another type', { ...ec, x: 1 }],
    ['padding', { ...ec, x: `${String(ec.x)}=` }],
    ['a point that is not on the curve', { ...ec, x: ec.y, y: ec.x }],
    ['a curve that nobody knows', { ...ec, crv: 'P-999' }],
    ['too few bits', createForgeKey('RS256', 'weak', 1_024).jwk],
    ['exponent 1', { ...rsa, e: 'AQ' }],
    ['a kid that is no text', { ...rsa, kid: 1 }],
  ])('is refused with %s', (_, jwk) => {
    expect(importVerificationKey(jwk).ok).toBe(false);
  });

  test('is recognised when it brings its private half', () => {
    expect(hasPrivateMembers({ ...rsa, d: 'x' })).toBe(true);
    expect(hasPrivateMembers(rsa)).toBe(false);
  });
});
