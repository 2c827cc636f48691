import { describe, expect, it } from 'vitest';
import type { Platform } from '#pipeline/model.ts';
import type { Start } from '#pipeline/surface.ts';
import { findingsOf } from '../../testing/scan-text.ts';
import { BARE, MEMBER, surfaceFindings, WITH_SETTING } from '../../testing/surface.ts';
import { rule } from './rule.ts';

const TEXT = 'test:\n  steps: [WRITTEN, make]\nrelease:\n  steps: [READ, make]\n';

interface Options {
  readonly test?: readonly Start[];
  readonly platform?: Platform;
  readonly written?: string;
  readonly read?: string;
}

function judge({ test = [BARE], platform = 'circleci', written = 'key-a', read = 'key-b' }: Options = {}) {
  return surfaceFindings(rule, {
    platform,
    text: TEXT.replace('WRITTEN', written).replace('READ', read),
    jobs: ({ place, script, credential }) => ({
      test: {
        starts: test,
        caches: [{ ...place('test'), key: script(written), access: 'write', paths: [] }],
      },
      release: {
        starts: [MEMBER],
        caches: [{ ...place('release'), key: script(read), access: 'read', paths: [] }],
        credentials: [credential('release', { name: 'NPM_TOKEN' })],
      },
    }),
  });
}

it('says who fills the cache and who trusts it', () => {
  const [finding] = judge({ written: 'deps-1', read: 'deps-' });
  expect(finding?.message).toBe(
    '"release", which has the secret NPM_TOKEN, takes a cache that "test" fills in a pull request from a fork',
  );
  expect(finding).toMatchObject({ severity: 'high', persona: 'regular' });
  expect(finding?.attack).toEqual({ complexity: 'high', reaches: ['the secret NPM_TOKEN'] });
  expect(finding?.path?.length).toBe(3);
});

it('is silent when no key fits the other, when members fill it, and where the platform keeps them apart', () => {
  expect(judge({ written: 'pull-1', read: 'main-1' })).toEqual([]);
  expect(judge({ written: 'deps-1', read: 'deps-', test: [MEMBER] })).toEqual([]);
  expect(judge({ written: 'deps-1', read: 'deps-', platform: 'azure' })).toEqual([]);
});

it('knows that a key with the branch in it is another one for a fork', () => {
  const configuration = (written: string, read: string) => `# --- .circleci/config.yml
version: 2.1
jobs:
  test:
    docker: [{ image: "cimg/node:22.11.0" }]
    steps: [checkout, run: npm test, save_cache: { key: '${written}', paths: [node_modules] }]
  publish:
    docker: [{ image: "cimg/node:22.11.0" }]
    steps: [checkout, restore_cache: { key: '${read}' }, run: npm publish]
workflows:
  build:
    jobs: [test, publish: { context: npm, filters: { branches: { only: main } } }]
`;
  const found = (written: string, read: string): number =>
    findingsOf('cache-for-outsiders', configuration(written, read)).length;
  const own = 'v1-{{ .Branch }}-{{ checksum "x" }}';
  expect(found(own, own)).toBe(0);
  expect(found(own, 'v1-{{.Branch}}')).toBe(0);
  expect(found('v1-{{ .Revision }}', 'v1-{{ .Revision }}')).toBe(0);
  // The next key that is tried fits everything.
  expect(found(own, 'v1-')).toBe(1);
  expect(found('v1-{{ checksum "x" }}', 'v1-{{checksum "x"}}')).toBe(1);
});

describe('an artifact of Argo', () => {
  const artifacts = (written: string, read: string, platform: Platform = 'argo') =>
    surfaceFindings(rule, {
      platform,
      text: TEXT.replace('WRITTEN', written).replace('READ', read),
      jobs: ({ place, script, credential }) => ({
        test: {
          starts: [BARE],
          artifacts: [{ ...place('test'), key: script(written), access: 'write', paths: [] }],
        },
        release: {
          starts: [MEMBER],
          artifacts: [{ ...place('release'), key: script(read), access: 'read', paths: [] }],
          credentials: [credential('release', { name: 'NPM_TOKEN' })],
        },
      }),
    });

  it('is taken by everybody who names its key', () => {
    expect(artifacts('builds/app.tgz', 'builds/app.tgz')[0]?.message).toBe(
      '"release", which has the secret NPM_TOKEN, takes an artifact that "test" fills in a pull request from a fork',
    );
  });

  it('is nobody’s where the key differs, or where the platform keeps artifacts in the run', () => {
    expect(artifacts('builds/app.tgz', 'main/app.tgz')).toEqual([]);
    expect(artifacts('builds/app.tgz', 'builds/app.tgz', 'circleci')).toEqual([]);
  });
});

it('is for those who look for it where a setting decides', () => {
  expect(judge({ written: 'deps-1', read: 'deps-', test: [WITH_SETTING] })).toMatchObject([
    { persona: 'pedantic', confidence: 'low' },
  ]);
});
