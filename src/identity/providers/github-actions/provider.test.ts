import { describe, expect, test } from 'vitest';
import { describeIdentityProvider } from '../../identity-provider.contract.ts';
import claims from './example-claims.json' with { type: 'json' };
import { provider } from './provider.ts';

describeIdentityProvider(provider, { claims });

function normalise(changes: object = {}) {
  return provider.normalise({ ...claims, ...changes }, {});
}

describe('GitHub Actions claims', () => {
  test('become the canonical identity', () => {
    expect(normalise()).toStrictEqual({
      ok: true,
      identity: {
        org: { id: '123456', name: 'acme' },
        project: { id: '456789', path: 'acme/shop', visibility: 'private' },
        ref: { full: 'refs/heads/main', type: 'branch', protected: true },
        commit: '9f31a7f09f31a7f09f31a7f09f31a7f09f31a7f0',
        trigger: 'push',
        environment: { name: 'production' },
        config: {
          uri: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
          sha: '9f31a7f09f31a7f09f31a7f09f31a7f09f31a7f0',
        },
        callee: {
          uri: 'acme/pipelines/.github/workflows/release.yml@refs/heads/main',
          sha: 'c0dec0dec0dec0dec0dec0dec0dec0dec0dec0de',
        },
        runner: { hosting: 'platform' },
        run: {
          id: '9900001',
          attempt: '1',
          job: '31337',
          url: 'https://github.com/acme/shop/actions/runs/9900001/attempts/1',
        },
        actor: { id: '77', login: 'ann' },
      },
    });
  });

  test('do not depend on the format of sub', () => {
    const old = normalise({ sub: 'repo:acme/shop:ref:refs/heads/main' });
    const custom = normalise({ sub: 'repository_visibility:private:actor:ann' });
    expect(old).toStrictEqual(normalise());
    expect(custom).toStrictEqual(normalise());
  });

  test('name no callee when the job is in the top workflow itself', () => {
    const result = normalise({ job_workflow_ref: claims.workflow_ref });
    expect(result).not.toHaveProperty('identity.callee');
  });

  test('keep the trap pull_request_target visible as trigger', () => {
    expect(normalise({ event_name: 'pull_request_target' })).toHaveProperty(
      'identity.trigger',
      'pull_request_target',
    );
  });

  test('never state forked, because GitHub does not say', () => {
    expect(normalise()).not.toHaveProperty('identity.forked');
  });

  test.each([
    [undefined, undefined],
    ['', undefined],
    ['false', false],
    [false, false],
    ['true', true],
  ])('ref_protected %j is %j', (value, expected) => {
    const result = normalise({ ref_protected: value });
    expect(result.ok && result.identity.ref?.protected).toBe(expected);
  });

  test('keep %3A and unusual names of an environment as they are', () => {
    expect(normalise({ environment: 'prod%3Aeu (1)' })).toHaveProperty('identity.environment', {
      name: 'prod%3Aeu (1)',
    });
  });

  test.each([
    ['repository_id', 456789],
    ['repository_owner_id', { id: '1' }],
    ['repository', ['acme/shop']],
    ['ref', true],
    ['sha', 'x'.repeat(2_001)],
    ['ref_protected', 'yes'],
    ['environment', 'a\u0000b'],
  ])('refuse %s of a wrong type or form', (name, value) => {
    expect(normalise({ [name]: value })).toMatchObject({
      ok: false,
      refusal: { code: 'token_claim_invalid', facts: [{ name: `token.${name}` }] },
    });
  });

  test.each([
    [
      'https://token.actions.githubusercontent.com/acme',
      'https://github.com/acme/shop/actions/runs/9900001/attempts/1',
    ],
    ['https://token.actions.acme.ghe.com', 'https://acme.ghe.com/acme/shop/actions/runs/9900001/attempts/1'],
    [
      'https://ghes.acme.example/_services/token',
      'https://ghes.acme.example/acme/shop/actions/runs/9900001/attempts/1',
    ],
    ['https://elsewhere.example', undefined],
  ])('from %s link to %s', (iss, url) => {
    const result = normalise({ iss });
    expect(result.ok && result.identity.run?.url).toBe(url);
  });

  test('make no link from a repository that is no plain path', () => {
    const result = normalise({ repository: '//evil.example/x' });
    expect(result.ok && result.identity.run?.url).toBeUndefined();
  });
});
