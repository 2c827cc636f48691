import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (text: string) => findingsOf('gitlab-unknown-key', `# --- .gitlab-ci.yml\n${text}\n`);

it.each([
  ['a: { script: [x], enviroment: live }', 'did you mean "environment"?'],
  ['a: { script: [x], rules: [{ iff: $X }] }', 'a rule of the job "a"; did you mean "if"?'],
  ['a: { script: [x], cache: [{ pathes: [a] }] }', 'did you mean "paths"?'],
  ['default: { imgae: b:1 }', 'did you mean "image"?'],
  ['workflow: { rule: [] }', 'did you mean "rules"?'],
  ['a: { trigger: { include: b.yml, stratgy: depend } }', 'did you mean "strategy"?'],
])('finds what is misspelt in %s', (text, message) => {
  const [finding, ...others] = check(text);
  expect(others).toEqual([]);
  expect(finding?.message).toContain(message);
});

it.each([
  ['.a: { script: [x], anything: else }'],
  ['.data: { imgae: b }'],
  ['a: { <<: *b, script: [x] }\n.b: &b { tags: [c] }'],
  ['a: { script: [x], environment: live, rules: [{ if: $X, when: never, changes: [a] }] }'],
  ['values: { any: thing }'],
])('says nothing of %s', (text) => {
  expect(check(text)).toEqual([]);
});

it('leaves words that are near none to people who look for blemishes', () => {
  expect(briefly(check('a: { script: [x], quantum: true }'))).toEqual(['1 low pedantic']);
});

it('leaves files alone that no pipeline is made of', () => {
  const text = '# --- .gitlab/tool.yml\na: { script: [x], enviroment: live }\n';
  expect(findingsOf('gitlab-unknown-key', text)).toEqual([]);
});
