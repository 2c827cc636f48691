import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (line: string) =>
  briefly(findingsOf('gitlab-variable-injection', `# --- .gitlab-ci.yml\na:\n  script:\n    - ${line}\n`));

it.each([
  ['eval "x $CI_MERGE_REQUEST_TITLE"', ['3 high regular']],
  ['ssh host "deploy ${CI_COMMIT_BRANCH}"', ['3 medium regular']],
  ['python3 -c "print($CI_COMMIT_MESSAGE)"', ['3 high regular']],
  ['awk -v a=1 "/$CI_COMMIT_TITLE/ { print }" log', ['3 high regular']],
  ['psql -h db -c "insert into t values (\'$CI_COMMIT_MESSAGE\')"', ['3 high regular']],
  ['psql -h db -f a.sql', []],
  ["sh -ec 'echo $CI_COMMIT_MESSAGE'", []],
  ['ssh host "deploy $CI_COMMIT_SHA"', []],
  ['git commit -m "$CI_COMMIT_MESSAGE"', []],
])('judges %s', (line, expected) => {
  expect(check(line)).toEqual(expected);
});

it('says it once for a line that many jobs extend, in the file it stands in', () => {
  const files = `# --- .gitlab-ci.yml
include: .gitlab/ci/base.yml
one:
  extends: .base
two:
  extends: .base
# --- .gitlab/ci/base.yml
.base:
  script:
    - eval "x $CI_COMMIT_TITLE"
`;
  const findings = findingsOf('gitlab-variable-injection', files);
  expect(findings.map(({ locations: [at] }) => `${at.file}:${at.start.line}`)).toEqual([
    '.gitlab/ci/base.yml:3',
  ]);
  expect(findings[0]?.message).toContain('"one" and 1 more');
});
