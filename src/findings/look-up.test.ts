import { expect, test } from 'vitest';
import { lookUp } from './look-up.ts';

test('words that stand in every object are no entries', () => {
  const table = { HIGH: 'high' };
  expect(lookUp(table, 'HIGH')).toBe('high');
  for (const word of ['constructor', '__proto__', 'toString', 'LOW', undefined])
    expect(lookUp(table, word)).toBeUndefined();
});
