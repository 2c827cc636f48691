import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (job: string) =>
  briefly(findingsOf('gitlab-forwarded-variables', `# --- .gitlab-ci.yml\na:\n${job}`));

it.each([
  ['  trigger: { include: b.yml, forward: { pipeline_variables: true } }\n', ['2 low pedantic']],
  ['  trigger: { project: a/b, forward: { pipeline_variables: false } }\n', []],
  ['  trigger: a/b\n  variables: { X: $CI_COMMIT_MESSAGE }\n', ['3 low pedantic']],
  ['  trigger: a/b\n  variables: { X: $CI_COMMIT_BRANCH }\n', []],
  ['  script: [x]\n  variables: { X: $CI_COMMIT_MESSAGE }\n', []],
])('judges %j', (job, expected) => {
  expect(check(job)).toEqual(expected);
});
