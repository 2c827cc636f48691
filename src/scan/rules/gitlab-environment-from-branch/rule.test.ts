import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (environment: string, more = '') =>
  briefly(
    findingsOf(
      'gitlab-environment-from-branch',
      `# --- .gitlab-ci.yml\na:\n  script: [x]\n  environment: ${environment}\n${more}`,
    ),
  );

it.each([
  ['$CI_COMMIT_BRANCH', ['3 medium regular']],
  ['{ name: "${CI_COMMIT_REF_SLUG}-eu" }', ['3 medium regular']],
  ['$CI_COMMIT_TAG', ['3 low pedantic']],
  ['review/$CI_COMMIT_REF_NAME', []],
  ['production', []],
  ['$ENVIRONMENT', []],
  ['$CI_COMMIT_BRANCHES', []],
])('judges %s', (environment, expected) => {
  expect(check(environment)).toEqual(expected);
});

it('tells branches that the job names by hand from all others', () => {
  expect(check('$CI_COMMIT_BRANCH', '  only: [main, staging]\n')).toEqual(['3 low pedantic']);
  const rules = (condition: string) => `  rules: [{ if: '${condition}' }]\n`;
  expect(check('$CI_COMMIT_BRANCH', rules('$CI_COMMIT_BRANCH == "main"'))).toEqual(['3 low pedantic']);
  expect(check('$CI_COMMIT_BRANCH', rules('$CI_COMMIT_BRANCH'))).toEqual(['3 medium regular']);
  expect(check('$CI_COMMIT_BRANCH', '  only: [branches]\n')).toEqual(['3 medium regular']);
});

it('says it once for a file, with all its jobs', () => {
  const job = (id: string) => `${id}: { script: [x], environment: $CI_COMMIT_BRANCH }\n`;
  const text = `# --- .gitlab-ci.yml\n${job('a')}${job('b')}${job('c')}`;
  const [finding, ...others] = findingsOf('gitlab-environment-from-branch', text);
  expect(others).toEqual([]);
  expect([finding?.message.includes('"a" and 2 more'), finding?.locations.length]).toEqual([true, 3]);
});
