import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (text: string) =>
  briefly(findingsOf('gitlab-retired-syntax', `# --- .gitlab-ci.yml\n${text}\n`));

it.each([
  ['a: { script: ["x $CI_JOB_JWT_V2"] }', ['1 medium regular']],
  ['a: { script: [x], variables: { T: $CI_JOB_JWT } }', ['1 medium regular']],
  ['a: { script: ["echo $CI_BUILD_REF"] }', ['1 low pedantic']],
  ['types: [a]', ['1 low pedantic']],
  ['a: { type: build, script: [x] }', ['1 low pedantic']],
  ['a: { script: [x], artifacts: { reports: { cobertura: a.xml } } }', ['1 low pedantic']],
])('finds %s', (text, expected) => {
  expect(check(text)).toEqual(expected);
});

it.each([
  ['a: { script: ["echo $CI_BUILD_IDS $CI_JOB_ID"] }'],
  ['a: { script: [x], artifacts: { reports: { junit: a.xml, constructor: b } } }'],
])('says nothing of %s', (text) => {
  expect(check(text)).toEqual([]);
});
