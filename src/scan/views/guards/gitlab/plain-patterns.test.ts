import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { Patterns } from './plain-patterns.ts';

const matches = (pattern: string, text: string) => new Patterns().matches(pattern, text);

it.each([
  ['/^v\\d+\\.\\d+/', 'v1.0.0', true],
  ['/^release\\//', 'main', false],
  ['/^(main|release)/', 'main', true],
  ['/MAIN/i', 'main', true],
  ['/^ma.n$/', 'main', true],
  ['/[0-9]+-stable$/', '16-11-stable', true],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

it.each([
  // Read in another way by RE2, or not at all.
  '/^ma(?=in)/',
  '/(a)\\1/',
  '/\\Amain\\z/',
  '/main/m',
  '/(?i)main/',
  // May never end, or is no pattern.
  '/^(a+)+$/',
  '/(a|a)*b/',
  '/a*a*a*a*b/',
  '/[/',
  '/(/',
  'main',
  `/${'a'.repeat(200)}/`,
])('%s is not run', (pattern) => {
  expect(matches(pattern, 'main')).toBeUndefined();
});

it('a text that is long is not looked at', () => {
  expect(matches('/a/', 'a'.repeat(33))).toBeUndefined();
});

it('the worst that is run ends at once', () => {
  const started = threadMs();
  for (const pattern of ['/a*a*a*b/', '/(a|b|ab)a+a+a+c/', '/.*.*.*=/', '/a{1,30000}a{1,30000}b/'])
    for (let round = 0; round < 50; round += 1) matches(pattern, 'a'.repeat(32));
  expect(threadMs() - started).toBeLessThan(2_000);
});
