import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(...commands: string[]): string[] {
  const lines = commands.map((command) => `    - |\n      ${command}\n`).join('');
  return surfaceFindings(rule, { text: `build:\n  steps:\n${lines}`, jobs: () => ({}) }).map(
    ({ message, locations }) => `${locations.length} ${message}`,
  );
}

it('finds the secret half of keys of clouds, once for each cloud', () => {
  expect(
    judge('aws configure set aws_secret_access_key $AWS_SECRET_ACCESS_KEY', 'echo $AWS_SECRET_KEY'),
  ).toEqual(['2 "build" uses a long-lived credential of AWS (AWS_SECRET_ACCESS_KEY)']);
  expect(judge('az login -p $AZURE_CLIENT_SECRET')).toEqual([
    '1 "build" uses a long-lived credential of Azure (AZURE_CLIENT_SECRET)',
  ]);
});

it('says how the platform proves who runs', () => {
  const [finding] = surfaceFindings(rule, {
    platform: 'bitbucket',
    text: 'build:\n  uses: KEY\n  steps: [make]\n',
    jobs: ({ credential }) => ({ build: { credentials: [credential('KEY', { name: 'AWS_SECRET_KEY' })] } }),
  });
  expect(finding?.remedy).toContain('`oidc: true`');
});

it('is silent about what was issued for the run, and about stores that only speak like a cloud', () => {
  expect(judge('aws sts assume-role --role-arn $R; echo $AWS_SECRET_ACCESS_KEY')).toEqual([]);
  expect(judge('AWS_SECRET_ACCESS_KEY=$(issue); use $AWS_SECRET_ACCESS_KEY')).toEqual([]);
  expect(judge('aws --endpoint-url http://minio s3 ls; echo $AWS_SECRET_ACCESS_KEY')).toEqual([]);
});
