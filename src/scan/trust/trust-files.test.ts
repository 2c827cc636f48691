import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { discover } from '../discover.ts';
import { rules } from '../rules.generated.ts';
import { scanPaths } from '../scan-paths.ts';
import { scanFiles, TEST_DAY_MS } from '../testing/scan-text.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'trust-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

const found = (): string[] => discover([folder]).files.map(({ file }) => file);
const POLICY = JSON.stringify({
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: 'arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
  },
});
const ROLE = `resource "aws_iam_role" "r" {\n  assume_role_policy = <<EOF\n${POLICY}\nEOF\n}\n`;

it('are found among the files of a repository by what they say, and nothing else is', () => {
  write('infra/network.tf', 'resource "aws_vpc" "main" {}\n');
  write('infra/cluster.tf', '# see https://gitlab.com/acme\nresource "aws_eks_cluster" "main" {}\n');
  write('infra/roles.tf', ROLE);
  write('infra/locals.tf', 'locals {\n  subjects = ["repo:acme/shop:*"]\n}\n');
  write('iam/trust-policy.json', POLICY);
  write('iam/trust-policy.json.tpl', POLICY.replace('iam::1', 'iam::${account}'));
  write('iam/other.json', POLICY);
  write('package.json', '{}');
  write('stack.yaml', `AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n`);
  write(
    'roles.yaml',
    `AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: ${POLICY}\n`,
  );
  write('node_modules/a/main.tf', ROLE);
  expect(found()).toEqual([
    'iam/trust-policy.json',
    'iam/trust-policy.json.tpl',
    'infra/locals.tf',
    'infra/roles.tf',
    'roles.yaml',
  ]);
});

it('are a kind of their own in a scan, and each says who gets in', () => {
  const scanned = scanPaths([folder], { rules, asOfMs: TEST_DAY_MS });
  const [only, ...others] = scanned.repositories;
  expect(others).toEqual([]);
  expect(only?.problems).toEqual([]);
  expect(only?.fileKinds).toEqual({ 'trust-policy': 5 });
  expect(only?.findings.map(({ ruleId, locations }) => `${locations[0].file} ${ruleId}`).sort()).toEqual([
    'iam/trust-policy.json trust-policy-too-open',
    'iam/trust-policy.json.tpl trust-policy-too-open',
    'infra/roles.tf trust-policy-too-open',
    'roles.yaml trust-policy-too-open',
  ]);
});

it.each([
  ['many statements', 'roles.json', `{"Statement":[${Array(20_000).fill(POLICY).join(',')}]}`],
  ['deep nesting', 'roles.json', `{"Statement":${'['.repeat(400_000)}`],
  [
    'a long subject',
    'a.tf',
    ROLE.replace(
      '"Action"',
      `"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:${'a*'.repeat(400_000)}"}},"Action"`,
    ),
  ],
  ['many roles', 'a.tf', ROLE.repeat(3_000)],
  ['nothing but lines', 'a.tf', `${ROLE}${' \n'.repeat(500_000)}`],
  [
    'many names',
    'a.tf',
    `${ROLE}resource "google_x_iam_member" "m" {\n  member = "principalSet://iam.googleapis.com/${'/'.repeat(500_000)}"\n}`,
  ],
])('of a megabyte with %s are read without delay or failure', (_, name, text) => {
  const start = threadMs();
  const { problems } = scanFiles([{ file: name, text }]);
  expect(problems.filter(({ message }) => message.includes('failed here'))).toEqual([]);
  expect(threadMs() - start).toBeLessThan(8_000);
});
