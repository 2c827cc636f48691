import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (need: string, more = '') =>
  briefly(
    findingsOf(
      'gitlab-foreign-artifact',
      `# --- .gitlab-ci.yml\na:\n  needs: [{ ${need} }]\n  script: [x]\n${more}`,
    ),
  );

it.each([
  ['project: g/p, job: b, ref: main', '', ['2 low pedantic']],
  ['project: g/p, job: b, ref: main', '  environment: live\n', ['2 medium pedantic']],
  ['project: g/p, job: b, ref: main, artifacts: false', '', []],
  ['project: $CI_PROJECT_PATH, job: b, ref: main', '', []],
  ['project: g/p, job: b, ref: de0fac2e4500dabe0009e67214ff5f5447ce83dd', '', []],
  ['job: b', '', []],
])('judges %s', (need, more, expected) => {
  expect(check(need, more)).toEqual(expected);
});
