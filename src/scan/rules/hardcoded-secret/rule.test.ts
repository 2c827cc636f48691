import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';
import { isPlaceholder, tokenShapes } from '../../token-shapes.ts';

const RANDOM = 'q7Zk2Wv9Xr4Tn8Lm3Jh6Gf5Ds1Pa0Yc';
/** Built here: a file with whole tokens would alarm the scanners that look at this repository. */
const made = (length: number) => RANDOM.repeat(5).slice(0, length);
const check = (value: string) =>
  findingsOf('hardcoded-secret', `on: push\nenv:\n  X: "${value}"\njobs: {}\n`);

describe.each([
  ['ghp_', 36, 'token of GitHub'],
  ['glpat-', 20, 'token of GitLab'],
  ['npm_', 36, 'token of npm'],
  ['pypi-AgE', 80, 'token of PyPI'],
  ['AIza', 35, 'API key of Google'],
  ['sk_live_', 24, 'live key of Stripe'],
])('%s…', (prefix, length, what) => {
  it('is seen, and neither message nor position gives it away', () => {
    const [finding, ...others] = check(prefix + made(length));
    expect(others).toEqual([]);
    expect(finding?.message).toContain(what);
    expect(finding?.message).not.toContain(made(6));
  });

  it('is nothing when it is too short or drawn by hand', () => {
    expect(check(prefix + made(Math.min(length - 8, 30)))).toEqual([]);
    expect(check(prefix + 'x'.repeat(length))).toEqual([]);
  });
});

it('finds keys in files that are no valid YAML', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n    ${made(64)}`;
  expect(findingsOf('hardcoded-secret', `on: [push\nkey: ${key}\n`)).toHaveLength(1);
});

it('takes words of documentation for what they are', () => {
  expect(isPlaceholder('AKIAIOSFODNN7EXAMPLE')).toBe(true);
  expect(isPlaceholder(made(40))).toBe(false);
});

it('has no shape that matches the empty text', () => {
  expect(tokenShapes.filter(({ pattern }) => ''.search(pattern) !== -1)).toEqual([]);
});
