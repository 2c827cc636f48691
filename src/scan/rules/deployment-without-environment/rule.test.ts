import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

function messages(run: string, { on = 'push', job = '' } = {}): string[] {
  const text = `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: x\n${job}    steps:\n      - run: |\n          ${run}\n        env: { T: '\${{ secrets.DEPLOY }}' }\n`;
  return findingsOf('deployment-without-environment', text).map(({ message }) => message);
}

it.each([
  'kubectl -n prod apply -f x',
  'helm upgrade app .',
  'gcloud run deploy',
  'cdk deploy',
  'fly deploy',
])('reports %s with a secret', (run) => {
  expect(messages(run)).toHaveLength(1);
  expect(messages(run)[0]).toContain('with the secret DEPLOY and names no environment');
});

it.each(['kubectl get pods', 'kubectl apply --dry-run=client -f x', '# helm upgrade', 'terraform plan'])(
  'takes %s for no deployment',
  (run) => {
    expect(messages(run)).toEqual([]);
  },
);

it('is content with an environment, on pull requests, and with a cluster of the job', () => {
  expect(messages('helm upgrade app .', { job: '    environment: production\n' })).toEqual([]);
  expect(messages('helm upgrade app .', { on: 'pull_request' })).toEqual([]);
  expect(messages('kind create cluster\n          helm upgrade app .')).toEqual([]);
});

it.each([
  ['script: [helm upgrade a b]', 1],
  ['script: [helm upgrade a b]\n  environment: live', 0],
  ['script: [helm upgrade a b --dry-run]', 0],
])('judges a job of GitLab with %j', (job, count) => {
  const text = `# --- .gitlab-ci.yml\na:\n  ${job}\n`;
  expect(findingsOf('deployment-without-environment', text)).toHaveLength(count);
});
