import { expect, it } from 'vitest';
import type { CredentialUse, Start } from '#pipeline/surface.ts';
import { MEMBER, OUTSIDER, surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

const JOBS = 'test:\n  steps: [make test]\nlint:\n  steps: [make lint]\ndeploy:\n  steps: [deploy $KEY]\n';

function judge(use: Partial<CredentialUse>, starts: readonly Start[] = [MEMBER], text = JOBS): string[] {
  const findings = surfaceFindings(rule, {
    text: `keys: KEY\n${text}`,
    jobs: ({ credential }) => {
      const job = { starts, credentials: [credential('KEY', { scope: 'pipeline', ...use })] };
      return { test: job, lint: job, deploy: job };
    },
  });
  return findings.map(({ severity, persona, message }) => `${severity} ${persona} ${message}`);
}

it('counts who uses a secret that all have', () => {
  expect(judge({})).toEqual([
    'low pedantic each of the 3 jobs has the secret KEY, and only "deploy" uses it',
  ]);
});

it('does not know what is in a group', () => {
  expect(judge({ kind: 'secret-group' })).toEqual(['low pedantic each of the 3 jobs has the context KEY']);
});

it('shows everybody when outsiders run one of the others', () => {
  expect(judge({}, [OUTSIDER])).toEqual([
    'medium regular each of the 3 jobs has the secret KEY, and only "deploy" uses it; "test" runs code of outsiders',
  ]);
});

it('is silent when the job asks for it, when most use it, and when there is one job', () => {
  expect(judge({ scope: 'job' })).toEqual([]);
  expect(judge({}, [MEMBER], JOBS.replaceAll('make', 'make $KEY'))).toEqual([]);
  expect(judge({}, [MEMBER], 'deploy:\n  steps: [deploy]\n')).toEqual([]);
  expect(judge({ kind: 'platform-token' })).toEqual([]);
});
