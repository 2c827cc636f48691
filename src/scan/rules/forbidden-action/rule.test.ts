import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (settings: string, uses: string) => {
  const text = `# --- .vouchgate.yml
version: 1
scan: { rules: { forbidden-action: { settings: ${settings} } } }
# --- .github/workflows/a.yml
on: push
jobs:
  a:
    steps:
      - uses: ${uses}
  b:
    uses: ${uses}
`;
  return findingsOf('forbidden-action', text).map(({ locations }) => locations[0].start.line);
};

describe('a list of what is forbidden', () => {
  it.each([
    ['["o/r"]', 'o/r@v1', [5, 7]],
    ['["O/R"]', 'o/r@v1', [5, 7]],
    ['["o/*"]', 'o/r/path@v1', [5, 7]],
    ['["o/r/*"]', 'o/r@v1', [5, 7]],
    ['["o/r@v1"]', 'o/r@v1', [5, 7]],
    ['["*"]', 'o/r@v1', [5, 7]],
    ['["o/r"]', 'o/r/path@v1', []],
    ['["o/r@v1"]', 'o/r@v2', []],
    ['["o/r"]', 'o/rest@v1', []],
    ['["*"]', './local', []],
    ['["*"]', 'docker://image', []],
  ])('deny: %s and %s', (deny, uses, lines) => {
    expect(check(`{ deny: ${deny} }`, uses)).toEqual(lines);
  });
});

it('with a list of what is allowed the rest is forbidden, and deny counts more', () => {
  expect(check('{ allow: ["o/*"] }', 'o/r@v1')).toEqual([]);
  expect(check('{ allow: ["o/*"] }', 'other/r@v1')).toEqual([5, 7]);
  expect(check('{ allow: ["o/*"], deny: ["o/r"] }', 'o/r@v1')).toEqual([5, 7]);
  expect(check('{ allow: [] }', 'o/r@v1')).toEqual([5, 7]);
});

it.each(['{}', '{ allow: ["o*"] }', '{ deny: [1] }', '{ only: ["o/*"] }'])('refuses %s', (settings) => {
  expect(() => check(settings, 'o/r@v1')).toThrow(/scan\.rules\.forbidden-action\.settings/);
});
