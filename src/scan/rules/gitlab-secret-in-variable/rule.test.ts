import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (secret: string) =>
  findingsOf(
    'gitlab-secret-in-variable',
    `# --- .gitlab-ci.yml
include: ci/base.yml
a: { extends: .base, script: [x] }
b: { extends: .base, script: [y] }
# --- ci/base.yml
.base:
  secrets:
    S: ${secret}
`,
  ).map(({ locations: [{ file, start }] }) => `${file}:${start.line}`);

it.each([
  ['{ vault: a/b, file: false }', ['ci/base.yml:3']],
  ['{ vault: a/b, file: true }', []],
  ['{ vault: a/b }', []],
])('judges %s once, where it stands', (secret, expected) => {
  expect(check(secret)).toEqual(expected);
});
