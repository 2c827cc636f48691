import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';
import { isOneSlipAway } from './one-slip-away.ts';

const check = (uses: string) =>
  findingsOf('typosquatted-action', `on: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`);

it.each([
  'action/checkout@v4',
  'actons/checkout@v4',
  'docekr/login-action@v3',
  'actionss/upload-artefact@v4',
])('sees %s', (uses) => {
  expect(check(uses)).toHaveLength(1);
});

it('sees letters of other alphabets', () => {
  expect(check('асtions/checkout@v4')).toHaveLength(1);
});

it.each([
  'actions/checkout@v4',
  // Under the right owner a wrong name leads nowhere.
  'actions/chekout@v4',
  'actions/setup-pythons@v4',
  'my-actions/checkout@v4',
  'action/something-of-theirs@v1',
  'ruby2/setup-go@v1',
  './action/checkout',
])('says nothing about %s', (uses) => {
  expect(check(uses)).toEqual([]);
});

describe('isOneSlipAway', () => {
  const word = fc.string({ minLength: 2, maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', '-') });

  it('is the same in both directions, and false for equal words', () => {
    const property = fc.property(word, word, (left, right) => {
      expect(isOneSlipAway(left, right)).toBe(isOneSlipAway(right, left));
      expect(isOneSlipAway(left, left)).toBe(false);
    });
    fc.assert(property);
  });

  it('finds a letter left out', () => {
    const property = fc.property(word, fc.nat(), (text, at) => {
      const index = at % text.length;
      expect(isOneSlipAway(text.slice(0, index) + text.slice(index + 1), text)).toBe(true);
    });
    fc.assert(property);
  });
});
