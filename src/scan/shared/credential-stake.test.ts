import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { stakeOf } from './credential-stake.ts';

it.each([
  ['AWS_SECRET_ACCESS_KEY', 'cloud'],
  ['GCP_SA_KEY', 'cloud'],
  ['TF_API_TOKEN', 'cloud'],
  ['AWS_ROLE_ARN', 'name'],
  ['AZURE_CLIENT_ID', 'name'],
  ['DOCKERHUB_USERNAME', 'name'],
  ['QUAY_USERNAME_CI', 'name'],
  ['DOCKERHUB_TOKEN', 'publish'],
  ['NPM_TOKEN', 'publish'],
  ['MAVEN_GPG_PASSPHRASE', 'signing'],
  ['APPLE_CERTIFICATE_P12', 'signing'],
  ['SSH_PRIVATE_KEY', 'deploy'],
  ['KUBECONFIG', 'deploy'],
  ['POSTGRES_PASSWORD', 'data'],
  ['OPENAI_API_KEY', 'model'],
  ['BOT_PAT', 'source'],
  ['GH_TOKEN', 'source'],
  ['CODECOV_TOKEN', 'report'],
  ['SLACK_WEBHOOK_URL', 'report'],
  ['SOMETHING', 'other'],
])('%s is %s', (name, kind) => {
  expect(stakeOf(name).kind).toBe(kind);
});

it('a name of a megabyte costs nothing', () => {
  const started = threadMs();
  stakeOf('A_'.repeat(500_000));
  expect(threadMs() - started).toBeLessThan(2_000);
});
