import { expect, it } from 'vitest';
import { splitFixture } from '../../testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { view } from './view.ts';

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly environment?: string;
  readonly outsiders: readonly string[];
  readonly development: readonly string[];
  readonly byHand: readonly string[];
  readonly production: readonly string[];
  readonly rank: string;
  readonly step: string;
}
interface Result {
  readonly jobs: number;
  readonly mixed: readonly Row[];
  readonly onlyProduction: number;
  readonly onlyElsewhere: number;
  readonly sharedNames: readonly { readonly name: string; readonly repositories: number }[];
}

const repository = (text: string, prefix = '') => ({ prefix, root: '', scan: scanFiles(splitFixture(text)) });
const build = (...repositories: ReturnType<typeof repository>[]) =>
  view.build({ repositories, asOfMs: TEST_DAY_MS, inputs: {} }) as Result;
const show = (text: string) => JSON.stringify(view.describe(build(repository(text))));

const workflow = (name: string, on: string, steps: string, more = '') =>
  `# --- .github/workflows/${name}.yml\non: ${on}\njobs:\n  ${name}:\n    runs-on: ubuntu-24.04\n${more}    steps:\n${steps}`;
const run = (line: string, secret: string) =>
  `      - run: ${line}\n        env: { VALUE: "\${{ secrets.${secret} }}" }\n`;
const deploy = workflow(
  'deploy',
  '{ push: { branches: [main] } }',
  run('kubectl apply -f a.yml', 'KUBE_TOKEN'),
);

it('a secret of the deployment that pull requests reach stands first, with both jobs and the change', () => {
  const { mixed } = build(repository(deploy + workflow('test', 'pull_request', run('make', 'KUBE_TOKEN'))));
  expect(mixed).toMatchObject([
    {
      kind: 'secret',
      name: 'KUBE_TOKEN',
      outsiders: [],
      development: ['.github/workflows/test.yml:7 test'],
      production: ['.github/workflows/deploy.yml:7 deploy'],
      rank: 'plan',
    },
  ]);
  expect(mixed[0]?.step).toContain('deploy.yml:7');
});

it('pull requests of forks get no secrets, but share a build agent', () => {
  const own = (name: string, on: string) =>
    workflow(name, on, run('npm publish', 'NPM_TOKEN')).replace('ubuntu-24.04', 'self-hosted');
  const { mixed } = build(repository(own('a', 'pull_request') + own('b', 'release')));
  const byKind = Object.fromEntries(mixed.map(({ kind, outsiders }) => [kind, outsiders.length]));
  expect(byKind).toEqual({ runner: 1, secret: 0 });
});

it('a condition on the step keeps pull requests from its secret', () => {
  const guarded = run('docker push acme/app', 'DOCKER_PASSWORD').replace(
    '        env:',
    "        if: github.event_name != 'pull_request'\n        env:",
  );
  const both = workflow('build', '{ push: { branches: [main] }, pull_request: {} }', guarded);
  expect(build(repository(both))).toMatchObject({ mixed: [], onlyProduction: 2 });
});

it('an image that is only built for pull requests is not pushed by them', () => {
  const image = (push: string) =>
    workflow(
      'build',
      '{ push: { branches: [main] }, pull_request: {} }',
      `      - uses: docker/build-push-action@v6\n        with: { push: "${push}", tags: "ghcr.io/acme/app:1" }\n`,
    );
  expect(build(repository(image("${{ github.event_name == 'push' }}"))).mixed).toEqual([]);
  expect(build(repository(image('true'))).mixed).toMatchObject([{ kind: 'image', name: 'ghcr.io/acme/app' }]);
});

it('values of two environments are two things', () => {
  const inside = (name: string, on: string, environment: string) =>
    workflow(name, on, run('helm upgrade a b', 'KUBE_TOKEN'), `    environment: ${environment}\n`);
  const { mixed } = build(
    repository(inside('a', 'pull_request', 'staging') + inside('b', 'release', 'production')),
  );
  expect(mixed).toEqual([]);
});

it('a called workflow starts as its callers do', () => {
  const called = workflow('called', 'workflow_call', run('kubectl apply -f a.yml', 'KUBE_TOKEN'));
  const caller = (name: string, on: string) =>
    `# --- .github/workflows/${name}.yml\non: ${on}\njobs:\n  ${name}:\n    uses: ./.github/workflows/called.yml\n`;
  const one = repository(called + caller('a', 'release'));
  expect(build(one)).toMatchObject({ mixed: [], onlyProduction: 1 });
  const two = build(repository(called + caller('a', 'release') + caller('b', 'pull_request')));
  expect(two.mixed).toMatchObject([{ development: ['.github/workflows/called.yml:7 called'] }]);
});

it('a start by hand alone is no step of the plan', () => {
  const both = deploy.replace(
    '{ push: { branches: [main] } }',
    '{ push: { branches: [main] }, workflow_dispatch: {} }',
  );
  expect(build(repository(both)).mixed).toMatchObject([{ byHand: [expect.any(String)], rank: 'minor' }]);
});

it('a role is the same in every repository, and a secret of one name is counted', () => {
  const role = `      - uses: aws-actions/configure-aws-credentials@v4\n        with: { role-to-assume: "arn:aws:iam::111122223333:role/deploy" }\n`;
  const a = workflow('a', 'pull_request', role + run('make', 'NPM_TOKEN'));
  const b = workflow('b', '{ push: { branches: [main] } }', role + run('cdk deploy', 'NPM_TOKEN'));
  const { mixed, sharedNames } = build(repository(a, 'one/'), repository(b, 'two/'));
  expect(mixed).toMatchObject([
    {
      kind: 'role',
      development: ['one/.github/workflows/a.yml:7 a'],
      production: ['two/.github/workflows/b.yml:7 b'],
    },
  ]);
  expect(sharedNames).toEqual([{ name: 'NPM_TOKEN', repositories: 2 }]);
});

it('GitLab: rules say who reaches a variable, and caches of all branches are shared', () => {
  const { mixed } = build(
    repository(`# --- .gitlab-ci.yml
test:
  script: ./test "$KUBE_TOKEN"
  cache: { key: deps, paths: [a], unprotect: true }
deploy:
  script: kubectl --token "$KUBE_TOKEN" apply -f a.yml
  cache: { key: deps, paths: [a], unprotect: true }
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
`),
  );
  expect(mixed.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['secret KUBE_TOKEN', 'cache deps']);
});

it('many secrets of the same two jobs are one step', () => {
  const names = Array.from({ length: 30 }, (_, index) => `AWS_SECRET_${index}`);
  const many = (name: string, on: string) =>
    workflow(name, on, names.map((each) => run('cdk deploy', each)).join(''));
  const text = show(many('a', 'pull_request') + many('b', 'release'));
  expect(text).toContain('and 26 more');
  expect(text).toContain('10 more with less at stake');
});

it('says so when there is nothing to separate', () => {
  expect(show(workflow('a', 'push', '      - run: make\n'))).toContain('No job uses a stored credential');
});

it('stays quick and whole when somebody writes thousands of jobs', () => {
  const jobs = Array.from(
    { length: 2_000 },
    (_, index) =>
      `  j${index}:\n    runs-on: self-hosted\n    steps:\n${run('npm publish', `TOKEN_${index}`)}`,
  );
  const { jobs: count, mixed } = build(
    repository(`# --- .github/workflows/a.yml\non: [push, pull_request]\njobs:\n${jobs.join('')}`),
  );
  expect([count, mixed.length]).toEqual([2_000, 2_001]);
});
