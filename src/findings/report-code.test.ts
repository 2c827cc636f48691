import { expect, test } from 'vitest';
import { codeOfLines } from './report-code.ts';

test('the lines of the place are kept, without their numbers', () => {
  expect(codeOfLines('11 def f():\n12     eval(x)\n13 pass', 12)).toBe('    eval(x)');
  expect(codeOfLines('63: a\n64: \tb\n65: c', 64, 65)).toBe('\tb\nc');
  expect(codeOfLines('> 7 | bad()\n  8 | good()', 7)).toBe('bad()');
});

test('code without numbers, or of an unknown line, is kept as it is', () => {
  expect(codeOfLines('eval(x)', 12)).toBe('eval(x)');
  expect(codeOfLines('1 a', undefined)).toBe('1 a');
  expect(codeOfLines(undefined, 1)).toBeUndefined();
});
