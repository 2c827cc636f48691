import { expect, it } from 'vitest';
import type { ImportUse } from '#pipeline/surface.ts';
import { surfaceFindings, type SurfaceFixture } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(use: Partial<ImportUse>, held = false): string[] {
  const fixture: SurfaceFixture = {
    text: 'build:\n  uses: company/tool\n  steps: [make]\n',
    imports: ({ imported }) => [imported('company/tool', use)],
    jobs: ({ credential }) => ({
      build: { credentials: held ? [credential('build', { name: 'KEY' })] : [] },
    }),
  };
  return surfaceFindings(rule, fixture).map(
    ({ severity, persona, message }) => `${severity} ${persona} ${message}`,
  );
}

it('shows everybody what others write and what moves by itself', () => {
  expect(judge({ kind: 'orb', version: 'volatile', pin: 'branch' })).toEqual([
    'low regular the orb company/tool is taken at volatile, which follows every change of its owner',
  ]);
  expect(judge({ kind: 'pipe' }, true)).toEqual([
    'medium regular the pipe company/tool is taken at whatever is the newest, in a pipeline that has the secret KEY',
  ]);
});

it('leaves tags, and what the same owner writes, to those who want all of it pinned', () => {
  const found = [
    ...judge({ kind: 'orb', version: '1.2', pin: 'tag' }),
    ...judge({ kind: 'template', version: 'main', pin: 'branch', origin: 'own' }),
    ...judge({ kind: 'task', version: '1', pin: 'tag', origin: 'platform' }),
  ];
  expect(found.map((each) => each.split(' the ')[0])).toEqual([
    'low pedantic',
    'low pedantic',
    'low auditor',
  ]);
});

it('is silent about what cannot change, and about what other rules judge', () => {
  const fixed = [
    { pin: 'commit' },
    { pin: 'digest' },
    { pin: 'local' },
    { pin: 'computed' },
    { pin: 'tag', immutable: true },
    { kind: 'image' },
    { kind: 'tool' },
  ] as const;
  expect(fixed.flatMap((use) => judge(use))).toEqual([]);
});
