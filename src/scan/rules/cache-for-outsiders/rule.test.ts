import { expect, it } from 'vitest';
import type { Platform } from '#pipeline/model.ts';
import type { Start } from '#pipeline/surface.ts';
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

it('is for those who look for it where a setting decides', () => {
  expect(judge({ written: 'deps-1', read: 'deps-', test: [WITH_SETTING] })).toMatchObject([
    { persona: 'pedantic', confidence: 'low' },
  ]);
});
