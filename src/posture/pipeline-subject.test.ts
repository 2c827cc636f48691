import { describe, expect, it } from 'vitest';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { isPlainPath, isRepositoryName, subjectKey, subjectOf } from './pipeline-subject.ts';

const SHA = '9f31a7f09f31a7f09f31a7f09f31a7f09f31a7f0';
const OTHER = 'c0dec0dec0dec0dec0dec0dec0dec0dec0dec0de';

function identity(change: Partial<WorkloadIdentity> = {}): WorkloadIdentity {
  return {
    provider: 'github',
    platform: 'github-actions',
    issuer: 'https://issuer.example',
    subject: 'repo:acme/shop',
    project: { id: '1', path: 'acme/shop' },
    ref: { full: 'refs/heads/main' },
    commit: SHA,
    config: { uri: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main', sha: SHA },
    claims: {},
    ...change,
  };
}

const read = (change: Partial<WorkloadIdentity> = {}) => {
  const reading = subjectOf(identity(change));
  return reading.ok ? reading.subject : reading.reason;
};

describe('what a token names', () => {
  it('is the workflow at its own commit', () => {
    expect(read()).toMatchObject({
      provider: 'github',
      pipeline: { repository: 'acme/shop', commit: SHA, file: '.github/workflows/deploy.yml' },
      callee: undefined,
      ref: 'refs/heads/main',
    });
  });

  it('is the called workflow of another repository, at the commit that was called', () => {
    const callee = { uri: 'acme/pipelines/.github/workflows/release.yml@refs/heads/main', sha: OTHER };
    expect(read({ callee })).toMatchObject({
      callee: { repository: 'acme/pipelines', commit: OTHER, file: '.github/workflows/release.yml' },
    });
  });

  it('is the configuration of GitLab, whose projects lie deeper', () => {
    const uri = 'gitlab.example.com:8443/acme/team/shop//ci/main.yml@refs/heads/main';
    expect(read({ config: { uri, sha: OTHER }, project: { path: 'acme/team/shop' } })).toMatchObject({
      pipeline: { repository: 'acme/team/shop', commit: OTHER, file: 'ci/main.yml' },
    });
  });

  it('is a workflow that another repository demands, at its commit and never at the job’s', () => {
    const uri = 'acme/policies/.github/workflows/required.yml@refs/heads/main';
    expect(read({ config: { uri, sha: OTHER } })).toMatchObject({
      pipeline: { repository: 'acme/policies', commit: OTHER },
    });
    expect(read({ config: { uri } })).toContain('at which commit');
  });

  it('is every definition at the commit, where the platform names none', () => {
    expect(read({ config: undefined })).toMatchObject({
      pipeline: { repository: 'acme/shop', commit: SHA, file: undefined },
    });
  });

  it.each<[string, Partial<WorkloadIdentity>]>([
    ['no commit', { config: undefined, commit: undefined }],
    ['a branch for a commit', { config: undefined, commit: 'main' }],
    ['a short hash', { config: { uri: 'acme/shop/ci.yml', sha: '9f31a7f' } }],
    ['no repository', { config: undefined, project: { id: '1' } }],
    ['a path that leads out', { config: { uri: 'acme/shop/../../etc/passwd@x', sha: SHA } }],
    ['a path in .git', { config: { uri: 'acme/shop/.git/config@x', sha: SHA } }],
    ['a repository that leads out', { config: undefined, project: { path: '../shop' } }],
    ['an option for a repository', { config: undefined, project: { path: '--upload-pack/x' } }],
    ['a callee without a commit', { callee: { uri: 'acme/pipelines/.github/workflows/a.yml@v1' } }],
    ['a callee of no known form', { callee: { uri: 'elsewhere', sha: SHA } }],
  ])('cannot be said with %s', (_, change) => {
    expect(read(change)).toBeTypeOf('string');
  });

  it('has one key whatever the case of its name, and another for another commit, ref or environment', () => {
    const key = (change: Partial<WorkloadIdentity> = {}) => {
      const reading = subjectOf(identity(change));
      return reading.ok ? subjectKey(reading.subject) : '';
    };
    const config = { uri: 'ACME/Shop/.github/workflows/deploy.yml@refs/heads/main', sha: SHA };
    expect(key({ config })).toBe(key());
    const others = [
      key({ config: { ...config, sha: OTHER } }),
      key({ ref: { full: 'refs/heads/x' } }),
      key({ environment: { name: 'production' } }),
      key({ provider: 'other' }),
      key({ callee: { uri: 'acme/p/a.yml', sha: SHA } }),
    ];
    expect(new Set([...others, key()]).size).toBe(6);
  });
});

describe('names out of tokens', () => {
  it.each(['acme/shop', 'a/b/c/d', 'Acme-1/shop.js', '_x/y', 'acme/.github'])('%s is one', (name) => {
    expect(isRepositoryName(name)).toBe(true);
  });

  it.each([
    'shop',
    '/acme/shop',
    'acme//shop',
    'acme/..',
    'a/.',
    './a',
    'a/b.git',
    'a/b.git/c',
    '-a/b',
    'a/b\n',
    'a/b?c',
    'a/b#',
    'a@b/c',
    `${'a/'.repeat(30)}b`,
  ])('%j is none', (name) => {
    expect(isRepositoryName(name)).toBe(false);
  });

  it('are judged in no time, however long', () => {
    const startedMs = performance.now();
    isRepositoryName('a/'.repeat(500_000));
    isPlainPath('a/'.repeat(500_000));
    expect(performance.now() - startedMs).toBeLessThan(100);
  });
});
