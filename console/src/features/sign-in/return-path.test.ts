import { describe, expect, it } from 'vitest';
import { returnPathOf } from './return-path.ts';

describe('where the console goes on after a sign-in', () => {
  it.each(['/', '/findings?severity=high', '/access/policies?policy=a#b'])('%s is kept', (wanted) => {
    expect(returnPathOf(wanted)).toBe(wanted);
  });

  it.each([
    undefined,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/..//evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    '/a b',
    '/\t/evil.example',
  ])('%j leads nowhere else', (wanted) => {
    const path = returnPathOf(wanted);
    expect(path).toMatch(/^\/(?![/\\])/);
    expect(new URL(path, 'https://vouchgate.example').origin).toBe('https://vouchgate.example');
  });
});
