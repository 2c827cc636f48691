import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { findingsOf } from '../../testing/scan-text.ts';
import { findPatternFault } from './pattern-faults.ts';

describe('patterns of branches', () => {
  it.each([
    'main',
    '**',
    'feature/**',
    'v[12].[0-9]+.[0-9]+',
    '!release/**-alpha',
    'a?',
    '*.x',
    'dependabot/**',
    'v\\+',
  ])('%s is one', (pattern) => {
    expect(findPatternFault(pattern, 'ref')).toBeUndefined();
  });
  it.each([
    ['^main$', 'no branch and no tag has "^" in its name'],
    ['v[9-1]', 'the range 9-1 is the wrong way round'],
    ['v[12', 'the [ is never closed'],
    ['v*+', 'nothing stands before the + that could come more or less often'],
    ['+a', 'nothing stands before the + that could come more or less often'],
    ['/main', 'names neither begin nor end with /, and have no two of them in a row'],
    ['refs/heads/main', 'names are compared without refs/heads/ and refs/tags/'],
    ['!', 'nothing stands behind the !'],
  ])('%s is none', (pattern, fault) => {
    expect(findPatternFault(pattern, 'ref')).toBe(fault);
  });
});

describe('patterns of paths', () => {
  it.each(['**', 'a b/*.md', '.github/**', '**/*.[jt]s?', 'docs', '/x'])('%s is one', (pattern) => {
    expect(findPatternFault(pattern, 'path')).toBeUndefined();
  });
  it.each(['./src/**', '../x', 'a/../b', ' a', 'a '])('%s is none', (pattern) => {
    expect(findPatternFault(pattern, 'path')).toBeDefined();
  });
});

it('finds filters that only take away', () => {
  const messages = (filter: string) =>
    findingsOf('invalid-filter', `on: { push: { ${filter} } }\njobs: {}\n`).map(({ message }) => message);
  expect(messages('branches: ["!main"]')).toEqual([
    'branches of push only takes away, so that it lets nothing in',
  ]);
  expect(messages('branches: ["**", "!main"]')).toEqual([]);
  expect(messages('branches: []')).toEqual([]);
});

it('takes no longer for a megabyte', () => {
  const started = threadMs();
  for (const char of ['[', 'a-', '?', '/', '!']) findPatternFault(char.repeat(1_000_000), 'path');
  expect(threadMs() - started).toBeLessThan(2_000);
});
