import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { matchesPattern } from './patterns.ts';

it('compares a name as it is, and with a pattern as a whole', () => {
  expect(matchesPattern('main', 'main')).toBe('true');
  expect(matchesPattern('main', 'main2')).toBe('false');
  expect(matchesPattern('/main/', 'main2')).toBe('false');
  expect(matchesPattern('/(release|hotfix)\\/.*/', 'release/1.0')).toBe('true');
});

it('does not know what a pattern that may be slow, or is none, comes to', () => {
  const slow = ['/(a|a)*b/', '/(a+)+b/', '/((a|a)+)b/', '/a*a*a*a*a*b/', '/[/', `/${'a'.repeat(300)}/`];
  const before = threadMs();
  expect(slow.map((each) => matchesPattern(each, 'a'.repeat(60)))).toEqual(slow.map(() => 'unknown'));
  expect(matchesPattern('/.*/', 'a'.repeat(1_000_000))).toBe('unknown');
  matchesPattern('/a*a*a*a*b/', 'a'.repeat(100));
  expect(threadMs() - before).toBeLessThan(2_000);
});
