import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (text: string) => briefly(findingsOf('environment-mixing', text));
const file = (name: string, body: string) => `# --- .github/workflows/${name}.yml\n${body}`;
const job = (name: string, line: string, more = '') =>
  `  ${name}:\n    runs-on: ubuntu-24.04\n${more}    steps:\n      - run: ${line}\n`;
const withKey = (line: string) => `${line}\n        env: { KUBE_TOKEN: "\${{ secrets.KUBE_TOKEN }}" }`;
const deploy = file(
  'deploy',
  `on: { push: { branches: [main] } }\njobs:\n${job('deploy', withKey('kubectl apply -f a.yml'))}`,
);
const test = (on: string, more = '') =>
  file('test', `on: ${on}\njobs:\n${job('test', withKey('make test'), more)}`);

it('a test that pull requests start holds what production deploys with', () => {
  expect(check(test('pull_request') + deploy)).toEqual(['7 medium regular']);
});

it('a test by hand, or on main alone, is none', () => {
  expect(check(test('workflow_dispatch') + deploy)).toEqual([]);
  expect(check(test('{ push: { branches: [main] } }') + deploy)).toEqual([]);
});

it('a condition that keeps pull requests out keeps them out', () => {
  expect(check(test('pull_request', "    if: github.event_name == 'push'\n") + deploy)).toEqual([]);
});

it('a value of another environment is another value', () => {
  expect(check(test('pull_request', '    environment: test\n') + deploy)).toEqual([]);
});

it('code of outsiders is worse', () => {
  const checkout = 'actions/checkout@v4\n        with: { ref: "${{ github.event.pull_request.head.sha }}" }';
  const open = file(
    'test',
    `on: pull_request_target\njobs:\n${job('test', withKey('make test'))}      - uses: ${checkout}\n`,
  );
  expect(check(open + deploy)).toEqual(['7 high regular']);
});

it('a machine that builds forks and deploys is shared', () => {
  const own = (on: string, line: string) =>
    `on: ${on}\njobs:\n${job('run', line).replace('ubuntu-24.04', '[self-hosted, linux]')}`;
  const both = file('a', own('pull_request', 'make')) + file('b', own('release', 'npm publish'));
  expect(check(both)).toEqual(['4 high regular']);
});

it('a token for reports is not worth a word', () => {
  const rename = (text: string) => text.replaceAll('KUBE_TOKEN', 'CODECOV_TOKEN');
  expect(check(rename(test('pull_request') + deploy))).toEqual([]);
});

it('holds for GitLab', () => {
  const gitlab = `# --- .gitlab-ci.yml
test:
  script: ./test --token "$KUBE_TOKEN"
deploy:
  script: kubectl --token "$KUBE_TOKEN" apply -f a.yml
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
`;
  expect(check(gitlab)).toEqual(['2 medium regular']);
});
