import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (variables: string) =>
  briefly(
    findingsOf(
      'gitlab-debug-trace',
      `# --- .gitlab-ci.yml\nvariables:\n  ${variables}\na:\n  script: [make]\nb:\n  script: [make]\n`,
    ),
  );

it.each([
  ['CI_DEBUG_TRACE: "true"', ['2 high regular']],
  ['CI_DEBUG_SERVICES: "true"', ['2 medium regular']],
  ['CI_DEBUG_TRACE: { value: "true", description: x }', ['2 high regular']],
  ['CI_DEBUG_TRACE: "false"', []],
  ['CI_DEBUG: "true"', []],
])('judges %s, once for all jobs', (variables, expected) => {
  expect(check(variables)).toEqual(expected);
});
