import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (variable: string, script: string, more = 'environment: live') =>
  briefly(
    findingsOf(
      'gitlab-leftover-files',
      `# --- .gitlab-ci.yml\na:\n  variables: { ${variable} }\n  script: ["${script}"]\n  ${more}\n`,
    ),
  );

it.each([
  ['GIT_STRATEGY: none', './a.sh', undefined, ['2 medium pedantic']],
  ['GIT_CLEAN_FLAGS: none', 'make x', undefined, ['2 medium pedantic']],
  ['GIT_STRATEGY: none', 'curl x', undefined, ['2 low auditor']],
  ['GIT_STRATEGY: empty', './a.sh', undefined, []],
  ['GIT_STRATEGY: none', './a.sh', 'tags: [x]', []],
])('judges %s with %s', (variable, script, more, expected) => {
  expect(check(variable, script, more)).toEqual(expected);
});
