import fc from 'fast-check';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '#core/log.ts';
import {
  createFakeNetwork,
  createForgeKey,
  createTestClock,
  encode,
  type ForgeKey,
  forge,
  publishIssuer,
  signBytes,
} from './contract/token-forge.ts';
import type { ConfiguredIdentityProvider } from './configured-provider.ts';
import { IdentityConfigurationError } from './configured-provider.ts';
import { IdentityProviderCommon } from './identity-provider-common.ts';
import { createIdentityVerifier } from './identity-verifier.ts';
import { provider as githubActions } from './providers/github-actions/provider.ts';
import { provider as oidc } from './providers/oidc/provider.ts';

const AUDIENCE = 'https://vouchgate.acme.example';
const ISSUER = 'https://issuer.example';
const NOW = 1_790_000_000;
const rsa = createForgeKey('RS256', 'rsa');
const ec = createForgeKey('ES256', 'ec');
const ed = createForgeKey('EdDSA', 'ed');
const stranger = createForgeKey('RS256', 'rsa');

function configure(name: string, common: object, kind: ConfiguredIdentityProvider['kind'] = oidc) {
  const settings = kind.settings.parse({});
  return { name, kind, settings, common: IdentityProviderCommon.parse(common) };
}

function createBench(providers: readonly ConfiguredIdentityProvider[]) {
  const network = createFakeNetwork();
  const clock = createTestClock(NOW * 1_000);
  const options = { providers, audience: AUDIENCE, clock, log: silentLogger, fetch: network.fetch };
  return { network, clock, verifier: createIdentityVerifier(options) };
}

function tokenOf(claims: object, key: ForgeKey = rsa): string {
  const usual = { iss: ISSUER, sub: 'job', aud: AUDIENCE, iat: NOW, exp: NOW + 300 };
  return forge({ typ: 'JWT', alg: key.algorithm, kid: key.kid }, { ...usual, ...claims }, key);
}

async function codeOf(verified: ReturnType<ReturnType<typeof createIdentityVerifier>['verify']>) {
  const result = await verified;
  return result.ok ? 'accepted' : result.refusal.code;
}

describe('the verifying engine', () => {
  test('agrees with jose on what is accepted', async () => {
    const algorithms = ['RS256', 'ES256', 'EdDSA'];
    const published = { keys: [rsa.jwk, ec.jwk, ed.jwk] };
    const { verifier } = createBench([configure('x', { issuer: ISSUER, algorithms, jwks: published })]);
    const oracle = createLocalJWKSet(published);
    const acceptedByJose = async (token: string) => {
      const demands = {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms,
        clockTolerance: 30,
        currentDate: new Date(NOW * 1_000),
        requiredClaims: ['exp', 'iat', 'sub'],
        maxTokenAge: 1e9,
      };
      return jwtVerify(token, oracle, demands).then(
        () => true,
        () => false,
      );
    };
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(hostileTokens(), async (token) => {
        const ours = await verifier.verify(token);
        if (ours.ok) accepted += 1;
        expect([token, ours.ok]).toEqual([token, await acceptedByJose(token)]);
      }),
      { numRuns: 600 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test('refuses an unknown issuer before it looks at the rest', async () => {
    const { verifier, network } = createBench([configure('x', { issuer: ISSUER })]);
    const token = `${encode({ alg: 'none', crit: ['x'] })}.${encode({ iss: 'https://evil.example' })}.`;
    expect(await codeOf(verifier.verify(token))).toBe('token_issuer_unknown');
    expect(network.asked).toEqual([]);
  });

  test('uses pinned keys without any network', async () => {
    const { verifier, network } = createBench([
      configure('x', { issuer: ISSUER, jwks: { keys: [rsa.jwk] } }),
    ]);
    expect(await codeOf(verifier.verify(tokenOf({})))).toBe('accepted');
    expect(await codeOf(verifier.verify(tokenOf({}, stranger)))).toBe('token_signature_invalid');
    expect(network.asked).toEqual([]);
  });

  test('does not let keys of one issuer sign for another', async () => {
    const other = 'https://other.example';
    const { verifier } = createBench([
      configure('x', { issuer: ISSUER, jwks: { keys: [rsa.jwk] } }),
      configure('y', { issuer: other, jwks: { keys: [ec.jwk] } }),
    ]);
    expect(await codeOf(verifier.verify(tokenOf({ iss: other })))).toBe('token_key_unknown');
  });

  test('answers for other issuers while one hangs', async () => {
    const slow = 'https://slow.example';
    const { verifier, network } = createBench([
      configure('slow', { issuer: slow }),
      configure('quick', { issuer: ISSUER }),
    ]);
    publishIssuer(network, ISSUER, [rsa.jwk]);
    const { promise, resolve } = Promise.withResolvers<{ body: object }>();
    network.set(`${slow}/.well-known/openid-configuration`, () => promise);
    const waiting = codeOf(verifier.verify(tokenOf({ iss: slow })));
    expect(await codeOf(verifier.verify(tokenOf({})))).toBe('accepted');
    resolve({ body: {} });
    expect(await waiting).toBe('token_keys_unavailable');
  });

  test('marks a refusal as retryable only when the cause is not the token', async () => {
    const { verifier } = createBench([configure('x', { issuer: ISSUER })]);
    const down = await verifier.verify(tokenOf({}));
    expect(down).toMatchObject({ ok: false, refusal: { code: 'token_keys_unavailable', retryable: true } });
    const pinned = createBench([configure('x', { issuer: ISSUER, jwks: { keys: [rsa.jwk] } })]).verifier;
    const wrong = await pinned.verify(tokenOf({ aud: 'x' }));
    expect(wrong).toMatchObject({ ok: false, refusal: { retryable: false } });
  });

  test('demands the extra claims of the configuration, exactly and nested ones too', async () => {
    const required = { repository_owner_id: '123456', 'deep.flag': 'true' };
    const { verifier } = createBench([
      configure('x', { issuer: ISSUER, jwks: { keys: [rsa.jwk] }, required }),
    ]);
    const verify = (claims: object) => codeOf(verifier.verify(tokenOf(claims)));
    expect(await verify({ repository_owner_id: '123456', deep: { flag: true } })).toBe('accepted');
    expect(await verify({ repository_owner_id: '1234567', deep: { flag: true } })).toBe(
      'token_claim_invalid',
    );
    expect(await verify({ repository_owner_id: '123456' })).toBe('token_claim_missing');
    expect(await verify({ repository_owner_id: ['123456'], deep: { flag: true } })).toBe(
      'token_claim_invalid',
    );
  });

  test('takes audience, leeway and lifetime from the configuration', async () => {
    const common = { issuer: ISSUER, audience: 'ours', leewaySeconds: 0, lifetimeSecondsMax: 60 };
    const { verifier } = createBench([configure('x', { ...common, jwks: { keys: [rsa.jwk] } })]);
    const verify = (claims: object) =>
      codeOf(verifier.verify(tokenOf({ aud: 'ours', exp: NOW + 60, ...claims })));
    expect(await verify({})).toBe('accepted');
    expect(await verify({ aud: AUDIENCE })).toBe('token_audience_mismatch');
    expect(await verify({ exp: NOW + 61 })).toBe('token_lifetime_too_long');
    expect(await verify({ iat: NOW - 10, exp: NOW })).toBe('token_expired');
    expect(await verify({ iat: NOW + 1 })).toBe('token_not_yet_valid');
  });

  test('knows a token by what was signed, so that a second signature of it is the same token', async () => {
    const { verifier } = createBench([
      configure('x', { issuer: ISSUER, algorithms: ['ES256'], jwks: { keys: [ec.jwk] } }),
    ]);
    const token = tokenOf({}, ec);
    const input = token.slice(0, token.lastIndexOf('.'));
    const twin = `${input}.${turnSignature(token.slice(input.length + 1))}`;
    const [first, second] = await Promise.all([verifier.verify(token), verifier.verify(twin)]);
    if (!first.ok || !second.ok) throw new Error('both signatures are valid ECDSA');
    expect(twin).not.toBe(token);
    expect(second.value.tokenDigest).toBe(first.value.tokenDigest);
  });

  test('gives token id, digest and times to the replay defence', async () => {
    const { verifier } = createBench([configure('x', { issuer: ISSUER, jwks: { keys: [rsa.jwk] } })]);
    const verified = await verifier.verify(tokenOf({ jti: 'one', iat: NOW - 0.5, exp: NOW + 1.5 }));
    expect(verified).toMatchObject({
      ok: true,
      value: { tokenId: 'one', issuedAtSeconds: NOW - 1, expiresAtSeconds: NOW + 2 },
    });
    expect(verified.ok && verified.value.tokenDigest).toMatch(/^[\w-]{43}$/);
  });
});

describe('configured identity providers', () => {
  test.each([
    ['identity_issuer_duplicate', [configure('x', { issuer: ISSUER }), configure('y', { issuer: ISSUER })]],
    ['identity_issuer_missing', [configure('x', {})]],
    ['identity_name_invalid', [configure('a/b', { issuer: ISSUER })]],
    ['identity_keys_invalid', [configure('x', { issuer: ISSUER, jwks: { keys: [{ kty: 'RSA' }] } })]],
  ])('are refused together with %s', (code, providers) => {
    expect(() => createBench(providers)).toThrow(expect.objectContaining({ code }));
    expect(() => createBench(providers)).toThrow(IdentityConfigurationError);
  });

  test('fall back on the issuer of their kind', async () => {
    const { verifier, network } = createBench([configure('github', {}, githubActions)]);
    const iss = 'https://token.actions.githubusercontent.com';
    await verifier.verify(tokenOf({ iss }));
    expect(network.asked).toEqual([`${iss}/.well-known/openid-configuration`]);
  });

  test.each([
    [{ issuer: 'http://issuer.example' }],
    [{ issuer: 'https://issuer.example/?x' }],
    [{ issuer: 'https://issuer.example/#' }],
    [{ issuer: 'https://user:password@issuer.example' }],
    [{ issuer: 'issuer.example' }],
    [{ algorithms: ['HS256'] }],
    [{ algorithms: ['none'] }],
    [{ algorithms: [] }],
    [{ leewaySeconds: 61 }],
    [{ leewaySeconds: -1 }],
    [{ lifetimeSecondsMax: 0 }],
    [{ jwks: { uri: 'https://x.example', keys: [] } }],
    [{ jwks: { keys: [] } }],
    [{ jwks: { keys: [{ kty: 'oct', k: 'AA' }] } }],
    [{ jwks: { keys: [{ ...rsa.jwk, d: 'private' }] } }],
    [{ unheardOf: true }],
  ])('cannot be written as %j', (common) => {
    expect(IdentityProviderCommon.safeParse(common).success).toBe(false);
  });

  test.each([
    'http://127.0.0.1:8080',
    'http://localhost:1',
    'http://[::1]:1',
    'https://issuer.example/tenant/',
  ])('may have the issuer %s', (issuer) => {
    expect(IdentityProviderCommon.parse({ issuer })).toEqual({ issuer, leewaySeconds: 30 });
  });
});

/** (r, s) → (r, n − s): what any holder of an ECDSA signature can compute. */
function turnSignature(signature: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const turned = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  return Buffer.concat([bytes.subarray(0, 32), turned]).toString('base64url');
}

/**
 * A good token with up to two things changed, in the ways that the standards speak of. Where we are stricter than
 * they are (several audiences, the life's length, repeated members), the contract suite has the tests.
 */
function hostileTokens(): fc.Arbitrary<string> {
  const near = fc.integer({ min: -35, max: 35 }).map((offset) => NOW + offset);
  const change = fc.oneof(
    fc.constantFrom(undefined, `${ISSUER}/`).map((iss) => ({ claims: { iss } })),
    fc
      .constantFrom<unknown>(undefined, [AUDIENCE], 'other', ['other'], '')
      .map((aud) => ({ claims: { aud } })),
    fc.constantFrom<unknown>('x', 1, true, null, ['a'], { b: 'c' }).map((extra) => ({ claims: { extra } })),
    fc.option(near).map((exp) => ({ claims: { exp: exp ?? undefined } })),
    near.map((nbf) => ({ claims: { nbf } })),
    fc.constantFrom(undefined, NOW - 299).map((iat) => ({ claims: { iat } })),
    fc.constant({ claims: { sub: undefined } }),
    fc.constantFrom('none', 'RS256', 'ES256', 'EdDSA', 'HS256').map((alg) => ({ header: { alg } })),
    fc.constantFrom('rsa', 'ec', 'nobody', undefined).map((kid) => ({ header: { kid } })),
    fc.constantFrom('cut', 'bit', 'der', 'stranger').map((spoil) => ({ spoil })),
  );
  const key = fc.constantFrom(rsa, ec, ed);
  return fc
    .tuple(key, fc.array(change, { maxLength: 2 }))
    .map(([signer, changes]) => changedToken(signer, changes));
}

interface Change {
  claims?: object;
  header?: object;
  spoil?: string;
}

function changedToken(signer: ForgeKey, changes: readonly Change[]): string {
  const header = { typ: 'JWT', alg: signer.algorithm, kid: signer.kid };
  const claims = { iss: ISSUER, sub: 'job', aud: AUDIENCE, iat: NOW - 60, exp: NOW + 240 };
  for (const change of changes) {
    Object.assign(header, change.header);
    Object.assign(claims, change.claims);
  }
  const spoils = new Set(changes.map(({ spoil }) => spoil));
  const input = `${encode(header)}.${encode(claims)}`;
  const der = spoils.has('der') && signer.algorithm === 'ES256';
  const signature = signBytes(input, spoils.has('stranger') ? stranger : signer, der ? 'der' : 'ieee-p1363');
  if (spoils.has('bit')) signature[5] = (signature[5] ?? 0) ^ 4;
  return `${input}.${(spoils.has('cut') ? signature.subarray(3) : signature).toString('base64url')}`;
}
