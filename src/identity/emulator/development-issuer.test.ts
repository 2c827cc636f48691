import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { createTestClock } from '../contract/token-forge.ts';
import { IdentityProviderCommon } from '../identity-provider-common.ts';
import { createIdentityVerifier, type IdentityVerifier } from '../identity-verifier.ts';
import type { IdentityProviderKind } from '../provider.ts';
import { provider as githubActions } from '../providers/github-actions/provider.ts';
import { provider as gitlabCi } from '../providers/gitlab-ci/provider.ts';
import {
  type DevelopmentIssuer,
  githubActionsClaims,
  gitlabCiClaims,
  startDevelopmentIssuer,
} from './development-issuer.ts';

const AUDIENCE = 'https://vouchgate.acme.example';
const clock = createTestClock(1_790_000_000_000);
let issuer: DevelopmentIssuer;
let bounded: ReturnType<typeof createBoundedFetch>;

beforeAll(async () => {
  issuer = await startDevelopmentIssuer({ port: 0, clock });
  const trust = { allowPrivateHosts: [new URL(issuer.url).host] };
  bounded = createBoundedFetch({ clock, log: silentLogger, trust });
});

afterAll(async () => {
  await bounded.close();
  await issuer.close();
});

function createVerifier(kind: IdentityProviderKind): IdentityVerifier {
  const common = IdentityProviderCommon.parse({ issuer: issuer.issuer });
  const providers = [{ name: 'local', kind, settings: {}, common }];
  return createIdentityVerifier({
    providers,
    audience: AUDIENCE,
    clock,
    log: silentLogger,
    fetch: bounded.fetch,
  });
}

async function request(url: string, authorization?: string) {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return bounded.fetch(url, { headers, bodyBytesMax: 16_384, timeoutMs: 5_000 });
}

describe('the development issuer', () => {
  test('gives a registered job its token as GitHub does, a new one each time', async () => {
    const { requestUrl, requestToken } = issuer.registerJob({
      platform: 'github-actions',
      claims: githubActionsClaims({ repository: 'acme/other' }, clock),
    });
    const url = `${requestUrl}&audience=${encodeURIComponent(AUDIENCE)}`;
    const tokens = await Promise.all([1, 2].map(async () => request(url, `bearer ${requestToken}`)));
    const verifier = createVerifier(githubActions);
    const verified = await Promise.all(
      tokens.map(({ body }) =>
        verifier.verify(z.object({ value: z.string() }).parse(JSON.parse(body)).value),
      ),
    );
    expect(verified).toMatchObject(
      tokens.map(() => ({ ok: true, value: { identity: { project: { path: 'acme/other' } } } })),
    );
    expect(new Set(verified.map((each) => each.ok && each.value.tokenId)).size).toBe(2);
  });

  test.each([undefined, 'bearer wrong', 'Basic x'])('refuses a job that shows %j', async (authorization) => {
    const { requestUrl } = issuer.registerJob({ platform: 'github-actions', claims: githubActionsClaims() });
    expect((await request(`${requestUrl}&audience=x`, authorization)).status).toBe(401);
  });

  test('gives GitLab claims that verify', async () => {
    const token = issuer.issueToken(gitlabCiClaims({ aud: AUDIENCE }, clock));
    expect(await createVerifier(gitlabCi).verify(token)).toMatchObject({
      ok: true,
      value: { identity: { forked: false, ref: { protected: true } } },
    });
  });

  test('signs with new keys after a rotation, and keeps the former published', async () => {
    const verifier = createVerifier(githubActions);
    const before = issuer.issueToken(githubActionsClaims({ aud: AUDIENCE }, clock));
    expect((await verifier.verify(before)).ok).toBe(true);
    issuer.rotateKey();
    const after = issuer.issueToken(githubActionsClaims({ aud: AUDIENCE }, clock));
    expect((await verifier.verify(after)).ok).toBe(true);
    expect((await createVerifier(githubActions).verify(before)).ok).toBe(true);
  });

  test('leaves a claim of undefined out and signs ES256 on demand', async () => {
    const token = issuer.issueToken(githubActionsClaims({ aud: AUDIENCE, ref: undefined }, clock));
    expect(await createVerifier(githubActions).verify(token)).toMatchObject({
      refusal: { code: 'token_claim_missing', facts: [{ name: 'token.ref' }] },
    });
    const elliptic = issuer.issueToken(githubActionsClaims({ aud: AUDIENCE }, clock), { algorithm: 'ES256' });
    expect(await createVerifier(githubActions).verify(elliptic)).toMatchObject({
      refusal: { code: 'token_algorithm_forbidden' },
    });
  });

  test('answers 404 elsewhere and listens on loopback only', async () => {
    expect((await request(`${issuer.url}/elsewhere`)).status).toBe(404);
    await expect(startDevelopmentIssuer({ port: 0, host: '0.0.0.0', clock })).rejects.toThrow(TypeError);
  });
});
