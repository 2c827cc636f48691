import { expect, it } from 'vitest';
import type { Start } from '#pipeline/surface.ts';
import { BARE, MEMBER, OUTSIDER, surfaceFindings, WITH_SETTING } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(starts: readonly Start[], hosting: 'hosted' | 'self-hosted' | 'unknown' = 'self-hosted') {
  return surfaceFindings(rule, {
    text: 'build:\n  steps: [make]\n',
    jobs: () => ({ build: { starts, hosting } }),
  });
}

it('says who comes in, and where', () => {
  const [finding] = judge([BARE]);
  expect(finding?.message).toBe(
    'a pull request from a fork runs its code on a machine of your own in "build"',
  );
  expect(finding).toMatchObject({ severity: 'high', persona: 'regular', confidence: 'high' });
  expect(finding?.attack?.reaches).toEqual(['the machine and its network']);
});

it('is less sure where a setting decides', () => {
  expect(judge([WITH_SETTING])).toMatchObject([
    { severity: 'medium', persona: 'pedantic', confidence: 'low' },
  ]);
});

it('is silent for members, for machines of the platform, and for code of the base', () => {
  expect(judge([MEMBER])).toEqual([]);
  expect(judge([OUTSIDER], 'hosted')).toEqual([]);
  expect(judge([OUTSIDER], 'unknown')).toEqual([]);
  expect(judge([{ ...OUTSIDER, code: 'base' }])).toEqual([]);
});
