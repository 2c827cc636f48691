import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (top: string) =>
  briefly(findingsOf('gitlab-unprotected-cache', `# --- .gitlab-ci.yml\n${top}\na:\n  script: [x]\n`));

it.each([
  ['default:\n  cache: { paths: [a], unprotect: true }', ['2 medium regular']],
  ['cache:\n  - paths: [a]\n  - paths: [b]\n    unprotect: true', ['4 medium regular']],
  ['cache: { paths: [a], unprotect: false }', []],
  ['cache: { paths: [a] }', []],
])('judges %s', (top, expected) => {
  expect(check(top)).toEqual(expected);
});
