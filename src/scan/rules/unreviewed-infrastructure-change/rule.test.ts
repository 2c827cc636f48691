import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const count = (command: string, job = 'runs-on: x') =>
  findingsOf(
    'unreviewed-infrastructure-change',
    `on: push\njobs:\n  a:\n    ${job}\n    steps:\n      - run: |\n          ${command}\n`,
  ).length;

it.each([
  'terraform apply -auto-approve',
  'terraform -chdir=infra apply -input=false -auto-approve',
  'tofu destroy --auto-approve',
  'pulumi up --stack prod --yes',
  'cdk deploy --require-approval never',
  'terraform apply \\\n            -auto-approve',
])('reports %s', (command) => {
  expect(count(command)).toBe(1);
});

it.each(['terraform apply plan', 'terraform plan', '# terraform apply -auto-approve', 'pulumi preview'])(
  'is content with %s',
  (command) => {
    expect(count(command)).toBe(0);
  },
);

it('is content when an environment stands in between', () => {
  expect(count('terraform apply -auto-approve', 'runs-on: x\n    environment: production')).toBe(0);
});
