import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createForgeKey, createTestClock, type ForgeKey, forge } from './contract/token-forge.ts';
import { verifyDpopProof } from './dpop.ts';

const URL_OF_TOKENS = 'https://vouchgate.acme.example/oauth2/token';
const NOW = 1_790_000_000;
const clock = createTestClock(NOW * 1_000);
const key = createForgeKey('ES256', 'k');

function bare({ jwk }: ForgeKey): Record<string, unknown> {
  const { kid: _kid, alg: _alg, use: _use, ...members } = jwk;
  return members;
}

function proofOf(claims: object = {}, header: object = {}, signer: ForgeKey = key): string {
  return forge(
    { typ: 'dpop+jwt', alg: signer.algorithm, jwk: bare(signer), ...header },
    { jti: 'once', htm: 'POST', htu: URL_OF_TOKENS, iat: NOW, ...claims },
    signer,
  );
}

function verify(proof: string, url = URL_OF_TOKENS, method = 'POST') {
  return verifyDpopProof({ proof, method, url, clock, leewaySeconds: 60 });
}

describe('a DPoP proof', () => {
  test('made by jose is accepted and gives the thumbprint of its key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = publicKey.export({ format: 'jwk' });
    const proof = await new SignJWT({ jti: 'x', htm: 'POST', htu: URL_OF_TOKENS })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
      .setIssuedAt(NOW)
      .sign(privateKey);
    expect(await verify(proof)).toEqual({
      ok: true,
      thumbprint: await calculateJwkThumbprint(jwk),
      proofKey: expect.stringMatching(/^[\w-]{43}$/),
      expiresAtMs: (NOW + 61) * 1_000,
    });
  });

  test.each(['RS256', 'EdDSA'] as const)('may be signed with %s', async (algorithm) => {
    expect((await verify(proofOf({}, {}, createForgeKey(algorithm, 'k')))).ok).toBe(true);
  });

  test('has a replay key of its own for each key and each jti', async () => {
    const proofs = [proofOf(), proofOf({ jti: 'twice' }), proofOf({}, {}, createForgeKey('ES256', 'k'))];
    const verdicts = await Promise.all(proofs.map((proof) => verify(proof)));
    expect(new Set(verdicts.map((verdict) => verdict.ok && verdict.proofKey)).size).toBe(3);
    const again = await verify(proofOf({ iat: NOW + 1, htu: `${URL_OF_TOKENS}?x` }));
    expect(again.ok && again.proofKey).toBe(verdicts[0]?.ok && verdicts[0].proofKey);
  });

  test.each([
    'https://VOUCHGATE.acme.example:443/oauth2/token',
    `${URL_OF_TOKENS}?query#fragment`,
    'https://vouchgate.acme.example/x/../oauth2/token',
  ])('is for the same URL when it says %s', async (htu) => {
    expect((await verify(proofOf({ htu }))).ok).toBe(true);
  });

  test.each([
    ['another type', {}, { typ: 'JWT' }],
    ['no type', {}, { typ: undefined }],
    ['alg none', {}, { alg: 'none' }],
    ['a shared-secret algorithm', {}, { alg: 'HS256' }],
    ['an algorithm of another key', {}, { alg: 'RS256' }],
    ['an algorithm outside the list', {}, { alg: 'ES384' }],
    ['no key', {}, { jwk: undefined }],
    ['a key in a list', {}, { jwk: [bare(key)] }],
    ["somebody else's key", {}, { jwk: bare(createForgeKey('ES256', 'k')) }],
    ['its private key', {}, { jwk: { ...bare(key), d: 'c2VjcmV0' } }],
    ['a shared secret as key', {}, { jwk: { kty: 'oct', k: 'AA' } }],
    ['a key for encryption', {}, { jwk: { ...bare(key), use: 'enc' } }],
    ['critical headers', {}, { crit: ['x'] }],
    ['no jti', { jti: undefined }, {}],
    ['an empty jti', { jti: '' }, {}],
    ['an endless jti', { jti: 'x'.repeat(257) }, {}],
    ['another method', { htm: 'GET' }, {}],
    ['the method in small letters', { htm: 'post' }, {}],
    ['another path', { htu: `${URL_OF_TOKENS}/` }, {}],
    ['another host', { htu: 'https://evil.example/oauth2/token' }, {}],
    ['another scheme', { htu: URL_OF_TOKENS.replace('https', 'http') }, {}],
    ['another port', { htu: 'https://vouchgate.acme.example:444/oauth2/token' }, {}],
    ['a user in its URL', { htu: 'https://u@vouchgate.acme.example/oauth2/token' }, {}],
    ['a path alone', { htu: '/oauth2/token' }, {}],
    ['no time', { iat: undefined }, {}],
    ['a time as text', { iat: String(NOW) }, {}],
    ['a time that is past', { iat: NOW - 61 }, {}],
    ['a time that is to come', { iat: NOW + 61 }, {}],
  ])('is refused with %s', async (_, claims, header) => {
    const verdict = await verify(proofOf(claims, header));
    expect(verdict.ok).toBe(false);
    expect(JSON.stringify(verdict)).not.toContain('c2VjcmV0');
  });

  test.each([NOW - 60, NOW + 60])('is accepted at the edge of its time (%i)', async (iat) => {
    expect((await verify(proofOf({ iat }))).ok).toBe(true);
  });

  test('is refused when it is changed in any way, and never throws', async () => {
    const proof = proofOf();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(proof.length - 1),
        fc.nat(2),
        fc.string({ maxLength: 2 }),
        async (at, cut, put) => {
          const changed = proof.slice(0, at) + put + proof.slice(at + cut);
          expect((await verify(changed)).ok).toBe(changed === proof);
        },
      ),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect((await verify(text)).ok).toBe(false);
      }),
    );
  });
});
