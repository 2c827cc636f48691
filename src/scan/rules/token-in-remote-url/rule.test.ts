import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (command: string) =>
  briefly(
    findingsOf(
      'token-in-remote-url',
      `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          KEY: \${{ secrets.KEY }}\n        run: |\n          ${command}\n`,
    ),
  );

it.each([
  'git remote set-url origin https://bot:${KEY}@github.com/a/b',
  'git clone https://${{ secrets.KEY }}@github.com/a/b',
  'git config --global url."https://x:$KEY@github.com/".insteadOf https://github.com/',
])('sees that %s keeps the secret', (command) => {
  expect(check(command)).toEqual(['9 medium regular']);
});

it.each([
  'git push https://x:$KEY@github.com/a/b',
  'git clone https://x:${{ github.token }}@github.com/a/b',
  'git remote add o https://$OTHER_TOKEN@github.com/a/b',
])('is milder with %s', (command) => {
  expect(check(command)).toEqual(['9 low pedantic']);
});

it.each([
  'git clone https://$USER_NAME@github.com/a',
  'git clone https://github.com/a@b',
  '# git clone https://$KEY@a',
  'curl https://x:$KEY@a.example/',
])('has nothing to say about %s', (command) => {
  expect(check(command)).toEqual([]);
});

it.each([
  ['git remote set-url origin https://oauth2:$PUSH_TOKEN@git.example.com/a.git', ['medium regular']],
  ['git push https://x:${PROJECT_PAT}@$CI_SERVER_HOST/a.git', ['low pedantic']],
  ['git clone https://gitlab-ci-token:$CI_JOB_TOKEN@git.example.com/a.git', ['low auditor']],
  ['git clone https://$USER@git.example.com/a.git', []],
  ['curl https://x:$PUSH_TOKEN@a.example', []],
])('judges %s in a job of GitLab', (line, expected) => {
  const found = findingsOf('token-in-remote-url', `# --- .gitlab-ci.yml\na:\n  script:\n    - ${line}\n`);
  expect(found.map(({ severity, persona }) => `${severity} ${persona}`)).toEqual(expected);
});
