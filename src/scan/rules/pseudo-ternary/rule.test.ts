import { expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { rule } from './rule.ts';

const workflow = (value: string) =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          A: \${{ ${value} }}\n`;
const check = (value: string) => findingsOf('pseudo-ternary', workflow(value));

it.each([
  "inputs.a && '' || 'b'",
  "inputs.a == 'x' && 0 || 5",
  "format('{0}', inputs.a && false || inputs.b)",
])('sees that %s has no choice', (value) => {
  expect(check(value)).toHaveLength(1);
});

it.each([
  "inputs.a && 'b' || ''",
  "inputs.a && inputs.b || 'c'",
  "inputs.a || '' || 'c'",
  "inputs.a && '0' || 'c'",
])('is content with %s', (value) => {
  expect(check(value)).toEqual([]);
});

it('turns around only what then stands for sure', () => {
  const fix = (value: string) => {
    const files = [{ file: '.github/workflows/a.yml', text: workflow(value) }];
    const options = { rules: [rule], asOfMs: TEST_DAY_MS };
    return fixRepository({ root: '', files }, options, 'unsafe').changed.get('.github/workflows/a.yml');
  };
  expect(fix("inputs.a && '' || 'b'")).toBe(workflow("!(inputs.a) && 'b' || ''"));
  expect(fix("inputs.a && '' || inputs.b")).toBeUndefined();
});
