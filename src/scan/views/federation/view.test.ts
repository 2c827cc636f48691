import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { loadConfiguration } from '#broker/configuration/load-configuration.ts';
import { writeTerminal } from '#cli/inspect/write-blocks.ts';
import { scanRepository } from '../../scan-repository.ts';
import { TEST_DAY_MS } from '../../testing/scan-text.ts';
import type { FixtureFile } from '../../testing/fixture.ts';
import { buildFederation } from './build.ts';
import { findTrust } from '../../trust/find-trust.ts';
import { view } from './view.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-federation-'));
afterAll(() => rmSync(folder, { recursive: true }));

const identityFile = path.join(folder, 'identity.json');
writeFileSync(
  identityFile,
  JSON.stringify({
    owner: 'acme',
    name: 'shop',
    ownerId: 123456,
    repositoryId: '456789',
    defaultBranch: 'main',
  }),
);

function build(
  files: readonly FixtureFile[],
  root = '',
  inputs: Record<string, string> = { identity: identityFile },
) {
  const repositories = [
    { prefix: '', root, scan: scanRepository({ root, files }, { rules: [], asOfMs: TEST_DAY_MS }) },
  ];
  return buildFederation({ repositories, asOfMs: TEST_DAY_MS, inputs });
}

const step = (name: string): string =>
  `      - run: make\n        env:\n          ${name}: \${{ secrets.${name} }}\n`;
const workflow = (on: string, ...names: string[]): string =>
  `on: ${on}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${names.map(step).join('')}`;
const file = (index: number, text: string): FixtureFile => ({
  file: `.github/workflows/w${index}.yml`,
  text,
});

const EVERYTHING = [
  'AWS_SECRET_ACCESS_KEY',
  'GOOGLE_CREDENTIALS',
  'ARM_CLIENT_SECRET',
  'VAULT_TOKEN',
  'KUBE_CONFIG',
  'NPM_TOKEN',
  'SNYK_TOKEN',
  'DATABASE_URL',
  'OPENAI_API_KEY',
];
const GITLAB: FixtureFile = {
  file: '.gitlab-ci.yml',
  text: 'deploy:\n  environment: production\n  script:\n    - vault login $VAULT_TOKEN\n    - snyk auth $SNYK_TOKEN\n',
};

describe('the other side', () => {
  const { files } = build([file(1, workflow('push', ...EVERYTHING)), GITLAB]);
  const textOf = (name: string): string => files.find((each) => each.file === name)?.text ?? '';

  it('is a configuration of Vouchgate that `vouchgate policy check` takes without a word', async () => {
    const own = files.filter((each) => each.file.startsWith('vouchgate/'));
    const load = await loadConfiguration(
      Object.fromEntries(own.map((each) => [each.file.slice('vouchgate/'.length), each.text])),
    );
    expect(load.ok ? load.configuration.warnings : load.problems).toEqual([]);
    expect(own.length).toBeGreaterThan(8);
  });

  it('binds every policy to the project, and to environment, branch and trigger', () => {
    expect(textOf('vouchgate/policies/snyk-token.cedar')).toBe(
      `@id("snyk-token-1")
permit (
  principal in Project::"github/456789",
  action == Action::"issue",
  resource == Resource::"snyk-token"
) when {
  principal has environment && principal.environment.name == "production" &&
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has trigger && ["push"].contains(principal.trigger)
};

@id("snyk-token-2")
permit (
  principal in Project::"gitlab/456789",
  action == Action::"issue",
  resource == Resource::"snyk-token"
) when {
  principal has environment && principal.environment.name == "production" &&
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has ref.protected && principal.ref.protected &&
  principal has trigger && ["push", "web", "schedule"].contains(principal.trigger)
};
`,
    );
  });

  it('is Terraform that our own reader finds to name its subject, without a pattern', () => {
    const terraform = files.filter((each) => each.file.endsWith('.tf'));
    const { repository } = scanRepository({ root: '', files: terraform }, { rules: [], asOfMs: TEST_DAY_MS });
    const judged = findTrust(repository).map(({ openness }) => openness);
    expect(terraform.map((each) => each.file)).toEqual([
      'terraform/aws-production.tf',
      'terraform/google-cloud-production.tf',
      'terraform/azure-production.tf',
      'terraform/vault-production.tf',
      'terraform/vault-production-gitlab.tf',
    ]);
    expect(judged).toEqual(['exact', 'exact', 'exact', 'exact']);
    expect(terraform.map(({ text }) => text).join('')).not.toMatch(/StringLike|claims_matching|repo:[^"]*\*/);
  });

  it('has both forms of the subject, and the steps', () => {
    expect(textOf('terraform/aws-production.tf')).toContain('"repo:acme/shop:environment:production"');
    expect(textOf('terraform/aws-production.tf')).toContain(
      'repo:acme@123456/shop@456789:environment:production',
    );
    expect(textOf('README.md')).toContain('aws iam create-role --role-name ci-aws-production');
    expect(textOf('README.md')).toContain("gh variable set AWS_ROLE_ARN --env 'production'");
  });
});

describe('who can start the job', () => {
  const warningsFor = (on: string): string[] =>
    build([file(1, workflow(on, 'SNYK_TOKEN'))]).credentials.flatMap(({ binding }) => [...binding.warnings]);
  const eventsFor = (on: string): string[] =>
    build([file(1, workflow(on, 'SNYK_TOKEN'))]).credentials.flatMap(({ binding }) => [...binding.events]);

  it('is said first when outsiders can, and their events are in no policy', () => {
    expect(warningsFor('[push, pull_request_target]').join()).toMatch(
      /`pull_request_target` lets outsiders start/,
    );
    expect(eventsFor('[push, pull_request_target, issue_comment, pull_request]')).toEqual(['push']);
  });

  it('is nobody outside for a push', () => {
    expect(warningsFor('push')).toEqual([]);
  });

  it('is never a pattern: a computed environment and a branch with a star become words to replace', () => {
    const computed = workflow('push', 'SNYK_TOKEN').replace('production', '${{ inputs.where }}');
    const [entry] = build([file(1, computed)]).credentials;
    expect(entry?.binding).toMatchObject({ environment: 'ENVIRONMENT' });
    const starred = workflow('{ push: { branches: ["release/**"] } }', 'SNYK_TOKEN').replace(
      / {4}environment.*\n/,
      '',
    );
    const [other] = build([file(1, starred)]).credentials;
    expect(other?.binding.refs).toEqual(['refs/heads/main']);
    expect(other?.binding.warnings.join()).toMatch(/every branch/);
  });

  it('cannot write into policies by the name of an environment', () => {
    for (const name of ['x" || true //', 'a${var.x}', "a' b", '*', 'a:b']) {
      const text = workflow('push', 'AWS_SECRET_ACCESS_KEY').replace('production', JSON.stringify(name));
      const { files } = build([file(1, text)]);
      const written = files.filter((each) => !each.file.endsWith('.diff')).map((each) => each.text);
      expect(written.join('\n')).not.toContain(name === '*' ? 'environment:*' : name);
    }
  });
});

it('reads who the repository is from its checkout, and no password out of the address', () => {
  const root = path.join(folder, 'checkout');
  mkdirSync(path.join(root, '.git'), { recursive: true });
  writeFileSync(
    path.join(root, '.git', 'config'),
    '[remote "origin"]\n\turl = https://user:hunter2@git.acme.example/team/shop.git\n',
  );
  const { files } = build([file(1, workflow('push', 'AWS_SECRET_ACCESS_KEY'))], root, {});
  const text = files.map((each) => each.text).join('\n');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('repo:team/shop:environment:production');
  expect(text).toContain('https://git.acme.example/_services/token');
});

it.each([
  ['not JSON', '{'],
  ['a word that would end a text', '{"owner":"a\\" b"}'],
  ['an unknown name', '{"nam":"x"}'],
])('says so when the identity is %s', (_, text) => {
  const wrong = path.join(folder, 'wrong.json');
  writeFileSync(wrong, text);
  expect(() => build([], '', { identity: wrong })).toThrow(/cannot be read/);
});

it('tells which jobs can take a role that the repository’s Terraform makes', () => {
  const text =
    'resource "aws_iam_role" "deploy" {\n  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:*" } } }] })\n}\n';
  const on = (event: string) =>
    `on: ${event}\npermissions: { id-token: write }\njobs:\n  plan:\n    runs-on: x\n    steps:\n      - run: make\n`;
  const { trust } = build([
    file(1, on('push')),
    file(2, on('pull_request_target')),
    { file: 'infra/main.tf', text },
  ]);
  expect(trust).toMatchObject([
    { name: 'aws_iam_role.deploy', file: 'infra/main.tf', line: 1, openness: 'repository' },
  ]);
  expect(trust[0]?.reachedBy[0]).toBe('outsiders: `plan` (w2.yml) on `pull_request_target`');
});

describe('on a terminal', () => {
  const draw = (files: readonly FixtureFile[]): string => writeTerminal(view.describe(build(files)), false);

  it('fits 80 columns and a screen or two, with 2 workflows and with 200', () => {
    for (const workflows of [2, 200]) {
      const files = Array.from({ length: workflows }, (_, index) =>
        file(index, workflow('[push, pull_request_target]', ...EVERYTHING)),
      );
      const lines = draw(files).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(lines.length).toBeLessThan(120);
    }
  });

  it('says that there is nothing when there is nothing', () => {
    expect(draw([file(1, workflow('push'))])).toContain('No pipeline uses a stored credential');
  });
});

describe('a hostile file of 1 MB', () => {
  const names = Array.from({ length: 400 }, (_, index) => `X${index}_AWS_SECRET_ACCESS_KEY`);
  const env = names.map((name) => `  ${name}: \${{ secrets.${name} }}\n`).join('');
  const job = (index: number) =>
    `  j${index}:\n    runs-on: x\n    steps:\n      - run: deploy $${names[index % 400]}\n`;
  const jobs = Array.from({ length: 3_000 }, (_, index) => job(index)).join('');
  const line = `echo \${{ secrets.AWS_SECRET_ACCESS_KEY }} ${'$GCP_SA_KEY '.repeat(80_000)}`;
  it.each([
    [
      'a long line',
      '.github/workflows/a.yml',
      `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ${line}\n`,
    ],
    ['many jobs and shared variables', '.github/workflows/a.yml', `on: push\nenv:\n${env}jobs:\n${jobs}`],
    ['a long line of GitLab', '.gitlab-ci.yml', `a:\n  script:\n    - ${'$GCP_SA_KEY > '.repeat(70_000)}\n`],
  ])('with %s is read without delay or failure', (_, name, text) => {
    const start = threadMs();
    const { credentials } = build([{ file: name, text }]);
    writeTerminal(view.describe({ credentials, files: [], trust: [] }), false);
    expect(threadMs() - start).toBeLessThan(15_000);
  });
});
