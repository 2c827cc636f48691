import { describe, expect, test } from 'vitest';
import { describeIdentityProvider } from '../../identity-provider.contract.ts';
import claims from './example-claims.json' with { type: 'json' };
import { provider } from './provider.ts';

describeIdentityProvider(provider, { claims });

function normalise(changes: object = {}) {
  return provider.normalise({ ...claims, ...changes }, {});
}

describe('GitLab CI claims', () => {
  test('become the canonical identity', () => {
    expect(normalise()).toStrictEqual({
      ok: true,
      identity: {
        org: { id: '72', name: 'acme' },
        project: { id: '20', path: 'acme/shop', visibility: 'private' },
        ref: { full: 'refs/heads/main', type: 'branch', protected: true },
        commit: '714a629c0b401fdce83e847fc9589983fc6f46bc',
        trigger: 'push',
        environment: { name: 'production', protected: true },
        config: {
          uri: 'gitlab.com/acme/shop//.gitlab-ci.yml@refs/heads/main',
          sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
        },
        runner: { hosting: 'platform', id: '1' },
        run: { id: '574', job: '302', url: 'https://gitlab.com/acme/shop/-/jobs/302' },
        actor: { id: '1', login: 'ann' },
        forked: false,
      },
    });
  });

  test.each([
    ['21', '20', true],
    ['20', '20', false],
    ['20', undefined, undefined],
  ])('project %s run in project %s is forked: %s', (projectId, hostId, forked) => {
    const result = normalise({ project_id: projectId, job_project_id: hostId });
    expect(result.ok && result.identity.forked).toBe(forked);
  });

  test('link a merge request of a fork to the project where it runs', () => {
    const result = normalise({ project_id: '21', project_path: 'mallory/shop' });
    expect(result.ok && result.identity.run?.url).toBe('https://gitlab.com/acme/shop/-/jobs/302');
    expect(result.ok && result.identity.project?.path).toBe('mallory/shop');
  });

  test.each([
    [undefined, undefined],
    ['false', false],
    [false, false],
    ['true', true],
  ])('ref_protected %j is %j: absent is not false', (value, expected) => {
    const result = normalise({ ref_protected: value });
    expect(result.ok && result.identity.ref?.protected).toBe(expected);
  });

  test('name no environment from its protection alone', () => {
    expect(normalise({ environment: undefined })).not.toHaveProperty('identity.environment');
  });

  test.each([
    ['project_id', 20],
    ['namespace_id', null, 'absent'],
    ['runner_id', 2 ** 53],
    ['runner_id', -1],
    ['runner_id', 1.5],
    ['ref_protected', 1],
    ['project_path', { path: 'acme/shop' }],
  ])('treat %s = %j as wrong, or as absent', (name, value, outcome = 'wrong') => {
    expect(normalise({ [name]: value }).ok).toBe(outcome === 'absent');
  });
});
