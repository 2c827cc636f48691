import { describe, expect, test } from 'vitest';
import { describeIdentityProvider } from '../../identity-provider.contract.ts';
import claims from './example-claims.json' with { type: 'json' };
import { provider } from './provider.ts';

const settings = {
  attributes: {
    'org.id': '/oidc.circleci.com~1org-id',
    'project.id': '/oidc.circleci.com~1project-id',
    'project.path': '/oidc.circleci.com~1vcs-origin',
    'ref.full': '/oidc.circleci.com~1vcs-ref',
    'run.id': '/oidc.circleci.com~1workflow-id',
    'run.job': '/oidc.circleci.com~1job-id',
    interactive: '/oidc.circleci.com~1ssh-rerun',
  },
  immutable: ['org.id', 'project.id'],
};

describeIdentityProvider(provider, { claims, settings });

function normalise(changes: object, configured: object = settings) {
  return provider.normalise({ ...claims, ...changes }, provider.settings.parse(configured));
}

describe('generic claims', () => {
  test('become the attributes that they are mapped to', () => {
    expect(normalise({})).toStrictEqual({
      ok: true,
      identity: {
        org: { id: '0b5e7a52-6a0a-4f27-9b39-7b1e4f6f2f10' },
        project: { id: '71aa9c3d-5f0e-4d8e-9a44-2f9a7f1f0c55', path: 'github.com/acme/shop' },
        ref: { full: 'refs/heads/main' },
        run: { id: 'c3d4', job: '8d0c' },
        interactive: false,
      },
    });
  });

  test('show a person in the job', () => {
    expect(normalise({ 'oidc.circleci.com/ssh-rerun': true })).toHaveProperty('identity.interactive', true);
  });

  test('map nothing by themselves', () => {
    expect(normalise({}, {})).toStrictEqual({ ok: true, identity: {} });
  });

  test('are found in objects and lists, and not in what objects inherit', () => {
    const nested = { 'https://sts.amazonaws.com/': { tags: [{ team: 'pay' }] }, build_number: 123 };
    const result = normalise(nested, {
      attributes: {
        'project.path': '/https:~1~1sts.amazonaws.com~1/tags/0/team',
        'run.id': '/build_number',
        commit: '/constructor/name',
        trigger: '/https:~1~1sts.amazonaws.com~1/tags/-1',
        'actor.id': '/https:~1~1sts.amazonaws.com~1/tags/length',
      },
    });
    expect(result).toStrictEqual({ ok: true, identity: { project: { path: 'pay' }, run: { id: '123' } } });
  });

  test.each([undefined, null, ''])('are refused when an immutable one is %j', (value) => {
    expect(normalise({ 'oidc.circleci.com/org-id': value })).toMatchObject({
      ok: false,
      refusal: { code: 'token_claim_missing', facts: [{ name: 'token./oidc.circleci.com~1org-id' }] },
    });
  });

  test.each([{ nested: true }, ['list'], true, 2 ** 60, -3, 'a\tb'])(
    'are refused as an id when %j',
    (value) => {
      expect(normalise({ 'oidc.circleci.com/org-id': value })).toMatchObject({
        ok: false,
        refusal: { code: 'token_claim_invalid' },
      });
    },
  );

  test.each([
    ['self-hosted', 'self'],
    ['buildkite-hosted', 'platform'],
    ['constructor', undefined],
  ])('runner hosting %s is %s', (value, hosting) => {
    const result = normalise({ where: value }, { attributes: { 'runner.hosting': '/where' } });
    expect(result.ok && result.identity.runner?.hosting).toBe(hosting);
  });
});

describe('generic settings', () => {
  test('declare what is immutable', () => {
    expect(provider.immutableAttributesOf?.(provider.settings.parse(settings))).toEqual([
      'org.id',
      'project.id',
    ]);
  });

  test.each([
    [{ attributes: { 'project.owner': '/x' } }],
    [{ attributes: { commit: 'sha' } }],
    [{ attributes: { commit: '/a~2b' } }],
    [{ attributes: { commit: '/' } }],
    [{ immutable: ['org.id'] }],
    [{ attributes: { commit: '/sha' }, immutable: ['commit'] }],
    [{ audience: 'x' }],
  ])('refuse %j', (configured) => {
    expect(provider.settings.safeParse(configured).success).toBe(false);
  });
});
