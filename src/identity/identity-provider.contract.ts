import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '#core/log.ts';
import type { Forgery } from './contract/forgery.ts';
import { hostileClaims } from './contract/hostile-claims.ts';
import { hostileEncodings, hostileHeaders, hostileSignatures } from './contract/hostile-tokens.ts';
import {
  createFakeNetwork,
  createForgeKey,
  createTestClock,
  type FakeNetwork,
  forge,
  publishIssuer,
  type TestClock,
} from './contract/token-forge.ts';
import { IdentityProviderCommon } from './identity-provider-common.ts';
import { createIdentityVerifier, type IdentityVerifier } from './identity-verifier.ts';
import type { IdentityProviderKind } from './provider.ts';
import type { TokenRefusal } from './refusal.ts';
import { WorkloadIdentity } from './workload-identity.ts';

export interface IdentityProviderExample {
  /** The content of `example-claims.json`: a token that is accepted. */
  claims: Readonly<Record<string, unknown>>;
  /** As they stand in the configuration. */
  settings?: object;
}

const AUDIENCE = 'https://vouchgate.acme.example';

/** The suite that every identity provider kind passes; call it in `provider.test.ts`. */
export function describeIdentityProvider(kind: IdentityProviderKind, example: IdentityProviderExample): void {
  describe(`the identity provider kind ${kind.id}`, () => {
    const bench = createBench(kind, example);
    beforeAll(() => bench.publish());

    test('accepts its example and fills the identity by the schema', async () => {
      const verified = await bench.verify(bench.token());
      expect(verified).toMatchObject({
        ok: true,
        value: {
          tokenId: example.claims.jti,
          issuedAtSeconds: example.claims.iat,
          identity: { platform: kind.id, issuer: example.claims.iss, subject: example.claims.sub },
        },
      });
      if (verified.ok)
        expect(WorkloadIdentity.parse(verified.value.identity)).toEqual(verified.value.identity);
    });

    test('never states an attribute as undefined or as an empty object', async () => {
      const verified = await bench.verify(bench.token());
      if (!verified.ok) throw new Error('the example must be accepted');
      for (const value of Object.values(verified.value.identity)) expect(value).not.toEqual({});
      expect(JSON.parse(JSON.stringify(verified.value.identity))).toStrictEqual(verified.value.identity);
    });

    test.each([
      ['its audience in a list of one', { aud: [AUDIENCE] }, {}],
      ['no type in its header', {}, { typ: undefined }],
      ['members in its header that nobody knows', {}, { x5t: 'abc', jku: 'https://evil.example' }],
      [
        'an end one second within the leeway',
        { exp: bench.forgery.now - 29, iat: bench.forgery.now - 60 },
        {},
      ],
      ['a start exactly at the leeway', { nbf: bench.forgery.now + 30 }, {}],
    ])('accepts %s', async (_, claims, header) => {
      expect((await bench.verify(bench.token(claims, header))).ok).toBe(true);
    });

    const hostile = [...hostileEncodings, ...hostileHeaders, ...hostileSignatures, ...hostileClaims];
    test.each(hostile.map((token) => [token.name, token.code, token] as const))(
      'refuses a token with %s (%s)',
      async (_name, code, token) => {
        const refused = await bench.refuse(token.forge(bench.forgery));
        expect(refused.code).toBe(code);
      },
    );

    test.each([...kind.claimsRequired].flatMap((name) => [[name, undefined] as const, [name, ''] as const]))(
      'refuses a token whose %s is %j',
      async (name, value) => {
        const refused = await bench.refuse(bench.token({ [name]: value }));
        expect(refused).toMatchObject({ code: 'token_claim_missing', facts: [{ name: `token.${name}` }] });
      },
    );

    test('asks nobody but the issuer for keys, whatever a token names', async () => {
      for (const token of hostileHeaders) await bench.verify(token.forge(bench.forgery));
      const origin = String(example.claims.iss);
      expect(bench.network.asked.filter((url) => !url.startsWith(origin))).toEqual([]);
    });

    test('says what to do in every refusal, and never quotes the token', async () => {
      for (const token of hostile) {
        const text = token.forge(bench.forgery);
        const refused = await bench.refuse(text);
        expect(refused.remedy).not.toBe('');
        const signature = text.slice(text.lastIndexOf('.') + 1);
        if (signature.length > 20) expect(JSON.stringify(refused)).not.toContain(signature);
      }
    });

    test('does not throw on any text, and accepts none', async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.string(), fc.base64String(), threeParts()), async (text) => {
          expect((await bench.verify(text)).ok).toBe(false);
        }),
        { numRuns: 300 },
      );
    });

    test('accepts a changed token only when nothing was changed', async () => {
      const token = bench.token();
      await fc.assert(
        fc.asyncProperty(
          fc.nat(token.length - 1),
          fc.nat(3),
          fc.string({ maxLength: 3 }),
          async (at, cut, put) => {
            const changed = token.slice(0, at) + put + token.slice(at + cut);
            expect((await bench.verify(changed)).ok).toBe(changed === token);
          },
        ),
        { numRuns: 300 },
      );
    });

    test('does not throw on claims of any type, and fills the identity by the schema where it accepts', async () => {
      const names = Object.keys(example.claims).filter(
        (name) => !['iss', 'aud', 'exp', 'iat'].includes(name),
      );
      const changes = fc.dictionary(fc.constantFrom(...names), fc.jsonValue(), { minKeys: 1, maxKeys: 3 });
      await fc.assert(
        fc.asyncProperty(changes, async (change) => {
          const verified = await bench.verify(bench.token(change));
          if (verified.ok) WorkloadIdentity.parse(verified.value.identity);
          else expect(verified.refusal.remedy).not.toBe('');
        }),
        { numRuns: 200 },
      );
    });
  });
}

function threeParts(): fc.Arbitrary<string> {
  const part = fc.json().map((text) => Buffer.from(text).toString('base64url'));
  return fc.tuple(part, part, part).map((parts) => parts.join('.'));
}

interface Bench {
  network: FakeNetwork;
  clock: TestClock;
  forgery: Forgery;
  publish(): void;
  token(claims?: object, header?: object): string;
  verify: IdentityVerifier['verify'];
  refuse(token: string): Promise<TokenRefusal>;
}

function createBench(kind: IdentityProviderKind, { claims, settings = {} }: IdentityProviderExample): Bench {
  const issuer = String(claims.iss);
  const now = Number(claims.iat) + 1;
  const clock = createTestClock(now * 1_000);
  const network = createFakeNetwork();
  const rsa = createForgeKey('RS256', 'rsa-1');
  const ec = createForgeKey('ES256', 'ec-1');
  const twin = createForgeKey('RS256', 'twin');
  const encryption = createForgeKey('RS256', 'enc-1');
  const weak = createForgeKey('RS256', 'weak', 1_024);
  const stranger = createForgeKey('RS256', 'stranger');
  const published = [rsa, ec, twin, weak].map(({ jwk }) => jwk);
  const verifier = createIdentityVerifier({
    providers: [
      {
        name: 'example',
        kind,
        settings: kind.settings.parse(settings),
        common: IdentityProviderCommon.parse({ issuer, algorithms: ['RS256', 'ES256'] }),
      },
    ],
    audience: AUDIENCE,
    clock,
    log: silentLogger,
    fetch: network.fetch,
  });
  return {
    network,
    clock,
    forgery: {
      claims,
      audience: AUDIENCE,
      now,
      lifetimeSecondsMax: kind.lifetimeSecondsMax,
      rsa,
      ec,
      twin,
      encryption,
      weak,
      stranger,
    },
    publish() {
      const other = createForgeKey('RS256', 'twin').jwk;
      publishIssuer(network, issuer, [
        ...published,
        other,
        { ...encryption.jwk, use: 'enc' },
        { kty: 'oct', k: 'AA' },
      ]);
    },
    token: (changes = {}, header = {}) =>
      forge({ typ: 'JWT', alg: 'RS256', kid: rsa.kid, ...header }, { ...claims, ...changes }, rsa),
    verify: (token) => verifier.verify(token),
    async refuse(token) {
      const verified = await verifier.verify(token);
      if (verified.ok) throw new Error('a hostile token was accepted');
      return verified.refusal;
    },
  };
}
