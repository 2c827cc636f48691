import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (step: string) =>
  findingsOf(
    'long-lived-cloud-credential',
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`,
  ).map(({ message }) => /credential of (.*) \(/.exec(message)?.[1]);

it.each([
  ['{ uses: azure/login@v2, with: { creds: "${{ secrets.PRODUCTION }}" } }', 'Azure'],
  [
    '{ uses: google-github-actions/auth@v2, with: { credentials_json: "${{ secrets.KEY }}" } }',
    'Google Cloud',
  ],
  ['{ run: make, env: { GOOGLE_CREDENTIALS: "${{ secrets.X }}" } }', 'Google Cloud'],
  ['{ run: make, env: { ARM_CLIENT_SECRET: "${{ secrets.X }}" } }', 'Azure'],
  ['{ run: "echo ${{ secrets.KUBE_CONFIG }} > k" }', 'a Kubernetes cluster'],
  ['{ run: make, env: { VAULT_TOKEN: "${{ secrets.X }}" } }', 'Vault'],
  ['{ uses: some/action@v1, with: { key: "${{ secrets.PROD_AWS_SECRET_ACCESS_KEY }}" } }', 'AWS'],
])('knows the key in %s', (step, cloud) => {
  expect(check(step)).toEqual([cloud]);
});

it.each([
  '{ run: make, env: { AWS_SECRET_ACCESS_KEY: "${{ secrets.R2_SECRET_KEY }}" } }',
  '{ run: make, env: { AWS_SECRET_ACCESS_KEY: "${{ steps.login.outputs.key }}" } }',
  '{ run: make, env: { AWS_SECRET_ACCESS_KEY: minioadmin } }',
  '{ run: make, env: { AWS_SECRET_ACCESS_KEY: "${{ secrets.X }}", AWS_ENDPOINT_URL: "https://store.example" } }',
  '{ uses: google-github-actions/auth@v2, with: { service_account: "${{ secrets.GCP_SERVICE_ACCOUNT }}" } }',
  '{ uses: azure/login@v2, with: { client-id: "${{ secrets.AZURE_CLIENT_ID }}" } }',
])('is content with %s', (step) => {
  expect(check(step)).toEqual([]);
});

it('says each cloud once in a job, with all places', () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: a\n        env:\n          ARM_CLIENT_SECRET: ${{ secrets.A }}\n      - run: b\n        env:\n          ARM_CLIENT_SECRET: ${{ secrets.A }}\n';
  const findings = findingsOf('long-lived-cloud-credential', text);
  expect(findings.map(({ locations }) => locations.map(({ start }) => start.line))).toEqual([[8, 11]]);
});

describe('in GitLab', () => {
  const inGitlab = (job: string) =>
    findingsOf('long-lived-cloud-credential', `# --- .gitlab-ci.yml\na:\n${job}`).map(
      ({ message }) => message,
    );

  it.each([
    ['  script: ["aws configure set aws_secret_access_key $AWS_SECRET_ACCESS_KEY"]\n', 'AWS'],
    ['  script: ["echo $PROD_KUBECONFIG > ~/.kube/config"]\n', 'Kubernetes'],
    ['  variables: { AWS_SECRET_ACCESS_KEY: $STORED }\n  script: [x]\n', 'AWS'],
  ])('finds a stored key in %j', (job, cloud) => {
    expect(inGitlab(job).join()).toContain(cloud);
  });

  it.each([
    ['  script: ["kubectl --kubeconfig $KUBECONFIG get pods"]\n'],
    ['  services: [minio/minio]\n  script: ["mc config $AWS_SECRET_ACCESS_KEY"]\n'],
    ['  secrets: { VAULT_TOKEN: { vault: a/b } }\n  script: ["x $VAULT_TOKEN"]\n'],
    ['  script: ["export AWS_SECRET_ACCESS_KEY=$(x)", "y $AWS_SECRET_ACCESS_KEY"]\n'],
    ['  script: ["echo $CI_REGISTRY_PASSWORD"]\n'],
  ])('says nothing of %j', (job) => {
    expect(inGitlab(job)).toEqual([]);
  });
});
