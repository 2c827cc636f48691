import { expect, it } from 'vitest';
import type { Start } from '#pipeline/surface.ts';
import {
  BARE,
  MEMBER,
  OUTSIDER,
  surfaceBriefs,
  surfaceFindings,
  type SurfaceFixture,
  WITH_SETTING,
} from '../../testing/surface.ts';
import { rule } from './rule.ts';

const TEXT = 'build:\n  uses: NPM_TOKEN\n  steps:\n    - make test\n';

function withSecret(starts: readonly Start[]): SurfaceFixture {
  return {
    text: TEXT,
    jobs: ({ credential }) => ({ build: { starts, credentials: [credential('NPM_TOKEN')] } }),
  };
}

it('names the way in, the job and what it holds', () => {
  const [finding] = surfaceFindings(rule, withSecret([MEMBER, OUTSIDER]));
  expect(finding?.message).toBe(
    'a pull request from a fork runs its own code in the job "build" with the secret NPM_TOKEN',
  );
  expect(finding?.locations.map(({ start, label }) => `${start.line} ${label ?? ''}`)).toEqual([
    '1 ',
    '2 the secret NPM_TOKEN',
  ]);
  expect(finding?.attack).toEqual({ complexity: 'low', reaches: ['the secret NPM_TOKEN'] });
});

it('is silent when credentials stay away from outsiders, or outsiders from the job', () => {
  const base: Start = { ...OUTSIDER, code: 'base' };
  for (const starts of [[BARE], [MEMBER], [base], []]) {
    expect(surfaceBriefs(rule, withSecret(starts))).toEqual([]);
  }
});

it('shows what only a setting allows to those who look for it', () => {
  expect(surfaceFindings(rule, withSecret([WITH_SETTING]))).toMatchObject([
    { persona: 'pedantic', confidence: 'low', attack: { partial: 'building forks' } },
  ]);
});

it('counts what the platform gives to every job for less than a stored secret, and nothing for nothing', () => {
  const fixture: SurfaceFixture = {
    text: TEXT,
    jobs: ({ credential }) => ({
      build: { starts: [OUTSIDER], credentials: [credential('build', { kind: 'platform-token' })] },
    }),
  };
  expect(surfaceBriefs(rule, fixture)).toEqual(['1 medium regular']);
  const bare: SurfaceFixture = { text: TEXT, jobs: () => ({ build: { starts: [OUTSIDER] } }) };
  expect(surfaceBriefs(rule, bare)).toEqual([]);
});

it('knows that somebody looks at the change first', () => {
  const fixture: SurfaceFixture = {
    text: TEXT,
    jobs: ({ credential, place }) => ({
      build: {
        starts: [OUTSIDER],
        credentials: [credential('NPM_TOKEN')],
        approvals: [place('uses')],
      },
    }),
  };
  expect(surfaceFindings(rule, fixture)).toMatchObject([
    { severity: 'high', persona: 'pedantic', attack: { complexity: 'medium' } },
  ]);
});
