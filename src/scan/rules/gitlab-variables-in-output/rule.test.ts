import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (line: string, more = '') =>
  briefly(
    findingsOf(
      'gitlab-variables-in-output',
      `# --- .gitlab-ci.yml\na:\n  script:\n    - >-\n      ${line}\n  artifacts: { paths: [out/, $CI_PROJECT_DIR/a.env] }\n${more}`,
    ),
  );

it.each([
  ['env > out/all.txt', ['4 high regular']],
  ['printenv | sort > a.env', ['4 high regular']],
  ['env | sort', ['4 low pedantic']],
  ['echo "$NPM_TOKEN" > out/npmrc', ['4 high regular']],
  ['echo "$DB_PASSWORD"', ['4 medium regular']],
  ['echo "${API_KEY}" | base64', ['4 high regular']],
  ['make && printenv', ['4 low pedantic']],
])('finds %s', (line, expected) => {
  expect(check(line)).toEqual(expected);
});

it.each([
  ['env FOO=bar make'],
  ['env > /tmp/all.txt'],
  ['env | grep CI_'],
  ['python3 -m venv env'],
  ['echo "$DB_PASSWORD" | docker login -u a --password-stdin'],
  ['echo "$DB_PASSWORD" > ~/.pgpass'],
  ['echo "$SSH_PRIVATE_KEY" | base64 -d > ~/.ssh/id'],
  ['echo "$CI_JOB_TOKEN"'],
  ['echo "$KEY_ID $TOKEN_URL"'],
  ['echo "$(vault read token)"'],
  ['export A=b'],
])('says nothing of %s', (line) => {
  expect(check(line)).toEqual([]);
});

it('is about more where the job is trusted with something', () => {
  expect(check('env', '  environment: live\n')).toEqual(['4 medium regular']);
});
