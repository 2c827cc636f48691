import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (line: string, more = '') =>
  briefly(
    findingsOf('gitlab-foreign-checkout', `# --- .gitlab-ci.yml\na:\n  script:\n    - ${line}\n${more}`),
  );

it.each([
  ['git clone "$CI_MERGE_REQUEST_SOURCE_PROJECT_URL" fork', ['3 medium regular']],
  ['git fetch origin merge-requests/$N/merge', ['3 medium regular']],
  ['git fetch origin $CI_DEFAULT_BRANCH', []],
  ['echo $CI_MERGE_REQUEST_SOURCE_PROJECT_URL', []],
])('judges %s', (line, expected) => {
  expect(check(line)).toEqual(expected);
});

it('is worse in a job that has credentials', () => {
  expect(check('git fetch origin merge-requests/1/head', '  environment: production\n')).toEqual([
    '3 high regular',
  ]);
});
