import { expect, it } from 'vitest';
import type { Start } from '#pipeline/surface.ts';
import { BARE, MEMBER, surfaceFindings, WITH_SETTING } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(starts: readonly Start[], guest = false): string[] {
  const findings = surfaceFindings(rule, {
    text: 'build:\n  checkout: persist\n  uses: company/tool\n  steps: [make]\n',
    imports: ({ imported }) => (guest ? [imported('company/tool', { kind: 'task' })] : []),
    jobs: ({ place }) => ({ build: { starts, persistedToken: place('persist') } }),
  });
  return findings.map(({ severity, persona, message }) => `${severity} ${persona} ${message}`);
}

it('names who reads it', () => {
  expect(judge([MEMBER])).toEqual([
    'low pedantic the token of the pipeline stays in the working copy of "build", for whatever runs there later',
  ]);
  expect(judge([MEMBER], true)).toEqual([
    'low regular the token of the pipeline stays in the working copy of "build", for company/tool',
  ]);
  expect(judge([BARE])).toEqual([
    'medium regular the token of the pipeline stays in the working copy of "build", for the code of a pull request from a fork',
  ]);
});

it('is for pedants where a setting decides whether outsiders come', () => {
  expect(judge([WITH_SETTING])[0]).toMatch(/^medium pedantic/);
});

it('is silent when nothing is left behind', () => {
  const text = 'build:\n  steps: [make]\n';
  expect(surfaceFindings(rule, { text, jobs: () => ({ build: { starts: [BARE] } }) })).toEqual([]);
});
