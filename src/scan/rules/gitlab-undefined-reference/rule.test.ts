import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (text: string) =>
  findingsOf('gitlab-undefined-reference', `# --- .gitlab-ci.yml\n${text}\n`).map(({ message }) => message);

it.each([
  ['a: { script: [x], needs: [{ job: c }] }\nb: { script: [y] }', 'needs "c"'],
  ['a: { script: [x], extends: [.b, .c] }\n.b: {}', 'extends ".c"'],
  ['a: { script: [x], needs: [a] }', 'needs itself'],
  ['a: { script: [x], stage: build, needs: [b] }\nb: { script: [y], stage: test }', 'of a later stage'],
  ['a: { script: [x], dependencies: [b] }', 'takes artifacts of "b"'],
  ['a: { script: [x], stage: delpoy }', 'did you mean "deploy"?'],
])('finds what is missing in %j', (text, message) => {
  const [first, ...others] = check(text);
  expect(others).toEqual([]);
  expect(first).toContain(message);
});

it.each([
  ['a: { script: [x], needs: [{ job: c, optional: true }] }'],
  ['a: { script: [x], needs: [{ project: g/p, job: c, ref: main }] }'],
  ['a: { script: [x], needs: ["b: [one, two]", "b 1/2"] }\nb: { script: [y], parallel: 2 }'],
  ['a: { script: [x], stage: .pre }'],
  ['include: [{ project: g/p, file: a.yml }]\na: { script: [x], needs: [c], extends: .d, stage: e }'],
  ['include: gone.yml\na: { script: [x], needs: [c] }'],
  ['a: { script: [x], needs: ["$[[ inputs.job ]]"] }'],
  ['.a: { extends: .gone }'],
])('says nothing of %j', (text) => {
  expect(check(text)).toEqual([]);
});

it('finds a name in any of the files', () => {
  const base = '# --- ci/base.yml\n.d: { stage: test }\nc: { script: [x] }\n';
  expect(check(`include: ci/base.yml\na: { script: [x], needs: [c], extends: .d }\n${base}`)).toEqual([]);
});
