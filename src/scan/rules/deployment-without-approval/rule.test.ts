import { expect, it } from 'vitest';
import type { Platform } from '#pipeline/model.ts';
import type { Start } from '#pipeline/surface.ts';
import { BRANCH, MEMBER, surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

interface Options {
  readonly starts?: readonly Start[];
  readonly platform?: Platform;
  readonly environment?: string | undefined;
  readonly approval?: 'none' | 'own' | 'before';
}

const TEXT =
  'hold:\n  steps: [wait]\ndeploy:\n  needs: [hold]\n  to: target\n  steps:\n    - kubectl apply -f app.yml\n';

function judge(options: Options = {}): string[] {
  const { starts = [BRANCH], platform = 'circleci', approval = 'none' } = options;
  const environment = 'environment' in options ? options.environment : 'production';
  const findings = surfaceFindings(rule, {
    platform,
    text: TEXT,
    jobs: ({ place, credential }) => ({
      hold: { approvals: approval === 'before' ? [place('wait')] : [] },
      deploy: {
        starts,
        credentials: [credential('target', { name: 'KUBE_TOKEN' })],
        approvals: approval === 'own' ? [place('kubectl')] : [],
        ...(environment === undefined ? {} : { deploysTo: { ...place('target'), environment } }),
      },
    }),
  });
  return findings.map(({ severity, persona, message }) => `${severity} ${persona} ${message}`);
}

it('shows everybody a way from any branch to production', () => {
  expect(judge()).toEqual([
    'medium regular "deploy" deploys to production after a push to any branch, and nobody has to agree',
  ]);
});

it('leaves production from its own branch to pedants', () => {
  expect(judge({ starts: [MEMBER] })).toEqual([
    'low pedantic "deploy" deploys to production after a push to main, and nobody has to agree',
  ]);
});

it('knows where settings may ask somebody', () => {
  expect(judge({ platform: 'azure' })[0]).toMatch(/^medium pedantic/);
  expect(judge({ platform: 'azure', starts: [MEMBER] })[0]).toMatch(/^low auditor/);
});

it('finds deployments by their commands when the job names no environment', () => {
  expect(judge({ environment: undefined })).toEqual([
    'medium pedantic "deploy" deploys with `kubectl apply` after a push to any branch, and nobody has to agree',
  ]);
});

it('is silent when a person is asked, in the job or before it, and for other environments', () => {
  expect(judge({ approval: 'own' })).toEqual([]);
  expect(judge({ approval: 'before' })).toEqual([]);
  expect(judge({ environment: 'staging' })).toEqual([]);
  expect(judge({ environment: 'reproduction' })).toEqual([]);
  expect(judge({ starts: [] })).toEqual([]);
});
