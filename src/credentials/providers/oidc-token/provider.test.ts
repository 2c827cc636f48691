import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { describeCredentialProvider } from '../../credential-provider.contract.ts';
import {
  createTestContext,
  EXAMPLE_NOW_MS,
  exampleIdentity,
  exampleRequest,
} from '../../credential-provider.fakes.ts';
import { Secret } from '#core/secret.ts';
import { provider as kind } from './provider.ts';

const AUDIENCE = 'https://vault.acme.example';

describeCredentialProvider(kind, {
  open: async () => ({ settings: {}, parameters: { audience: AUDIENCE }, context: createTestContext() }),
});

type Overrides = Parameters<typeof exampleRequest>[1];

async function issue(parameters: Record<string, unknown>, overrides: Overrides = {}) {
  const provider = kind.create({}, createTestContext());
  const parsed = kind.parameters.parse({ audience: AUDIENCE, ...parameters });
  const request = exampleRequest(parsed, { ...overrides, parameters: parsed });
  const credential = await provider.issue(request, provider.plan(request), AbortSignal.timeout(5_000));
  const { token } = credential.values;
  if (!(token instanceof Secret)) throw new Error('The token is not secret.');
  return {
    credential,
    claims: decodeJwt(token.reveal()),
    algorithm: decodeProtectedHeader(token.reveal()).alg,
  };
}

const isAccepted = (parameters: object) =>
  kind.parameters.safeParse({ audience: AUDIENCE, ...parameters }).success;

describe('a token of ours', () => {
  it('says who asked, from where and by which decision', async () => {
    const { claims, algorithm } = await issue({});
    const iat = Math.floor(EXAMPLE_NOW_MS / 1000);
    expect(algorithm).toBe('ES256');
    expect(claims).toEqual({
      iss: 'https://vouchgate.acme.example',
      sub: 'provider:github:org:123456:project:456789:environment:production',
      aud: AUDIENCE,
      iat,
      nbf: iat - 30,
      exp: iat + 900,
      jti: 'lse_01JBK5Z0000000000000000001',
      provider: 'github',
      platform: 'github-actions',
      org_id: '123456',
      project_id: '456789',
      project_path: 'acme/shop',
      ref: 'refs/heads/main',
      commit: exampleIdentity.commit,
      environment: 'production',
      run_id: '9876543210',
      resource: 'shop',
      decision: 'dec_01JBK5Z0000000000000000001',
    });
  });

  it('leaves out what the platform did not state', async () => {
    const { org: _org, environment: _environment, run: _run, ...identity } = exampleIdentity;
    const { claims } = await issue({}, { identity });
    expect(claims.sub).toBe('provider:github:project:456789');
    expect(Object.keys(claims)).not.toContain('environment');
    expect(Object.keys(claims)).not.toContain('run_id');
  });

  it('never lives longer than asked', async () => {
    const { claims, credential } = await issue({}, { ttlSeconds: 61, issuedAtMs: EXAMPLE_NOW_MS + 582 });
    expect((claims.exp ?? 0) * 1000).toBe(credential.expiresAtMs);
    expect(credential.expiresAtMs).toBeLessThanOrEqual(EXAMPLE_NOW_MS + 582 + 61_000);
  });

  it('carries claims of the configuration, static and from the workload', async () => {
    const { claims, algorithm } = await issue({
      algorithm: 'RS256',
      subject: 'ci/${ref.full}',
      claims: {
        groups: ['ci', 'deploy'],
        level: 3,
        trusted: true,
        branch: '${ref.full}',
        label: 'by:${actor.login}',
        'https://acme.example/team': 'shop',
      },
    });
    expect(algorithm).toBe('RS256');
    expect(claims).toMatchObject({
      sub: 'ci/refs%2Fheads%2Fmain',
      groups: ['ci', 'deploy'],
      level: 3,
      trusted: true,
      branch: 'refs/heads/main',
      label: 'by:dependabot%5Bbot%5D',
      'https://acme.example/team': 'shop',
    });
  });

  it('carries what AWS reads', async () => {
    const { claims } = await issue({
      aws: {
        sessionTags: { repository: '${project.path}', run: '${run.id}' },
        transitiveTagKeys: ['repository'],
        sourceIdentity: '${actor.login}',
      },
    });
    expect(claims['https://aws.amazon.com/tags']).toEqual({
      principal_tags: { repository: ['acme/shop'], run: ['9876543210'] },
      transitive_tag_keys: ['repository'],
    });
    expect(claims['https://aws.amazon.com/source_identity']).toBe('dependabot=5Bbot=5D');
  });

  it('is refused when a template needs what the workload does not have', async () => {
    const { environment: _, ...identity } = exampleIdentity;
    await expect(issue({ subject: 'env:${environment.name}' }, { identity })).rejects.toMatchObject({
      code: 'credential_value_missing',
      message: expect.stringContaining('environment.name'),
      remedy: expect.stringContaining('principal has environment.name'),
    });
  });
});

describe('parameters', () => {
  it.each([
    'iss',
    'sub',
    'aud',
    'exp',
    'jti',
    'amr',
    'cnf',
    'act',
    'decision',
    'https://aws.amazon.com/tags',
  ])('do not set the claim %s', (name) => {
    expect(isAccepted({ claims: { [name]: 'x' } })).toBe(false);
  });

  it.each([
    ['two audiences', { audience: ['a', 'b'] }],
    ['an audience with a space', { audience: 'a b' }],
    ['an unknown field', { subject: '${claims.sub}' }],
    ['an open placeholder', { subject: 'x${project.id' }],
    ['a nested placeholder', { subject: '${${project.id}}' }],
    ['the mark of a shortened subject', { subject: 'x~${project.id}' }],
    ['a claim that is an object', { claims: { x: {} } }],
    ['an algorithm that is none', { algorithm: 'none' }],
    ['a tag of AWS itself', { aws: { sessionTags: { 'aws:x': 'y' } } }],
    ['tags that differ in case only', { aws: { sessionTags: { a: 'x', A: 'y' } } }],
    ['a transitive tag that is not there', { aws: { transitiveTagKeys: ['x'] } }],
  ])('refuse %s', (_, parameters) => {
    expect(isAccepted(parameters)).toBe(false);
  });
});
