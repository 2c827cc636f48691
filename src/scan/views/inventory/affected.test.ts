import { expect, it } from 'vitest';
import { isAffected, smallestFix } from './affected.ts';

type Events = readonly Record<string, string>[];
const semver = (...events: Events) => ({ ranges: [{ type: 'SEMVER', events: [...events] }] });
const before = (fixed: string) => semver({ introduced: '0' }, { fixed });

it.each([
  ['1.2.2', true],
  ['v1.2.2', true],
  ['1.2.3', false],
  ['1.2.10', false],
  ['1.10.0', false],
  ['0.0.0', true],
  // A pre-release comes before its release (Semantic Versioning, 11.3).
  ['1.2.3-rc.1', true],
  ['1.2.3-0', true],
  ['1.2.2+build.9', true],
  ['main', false],
  ['', false],
])('before 1.2.3: %s is %s', (version, expected) => {
  expect(isAffected(version, before('1.2.3'), false)).toBe(expected);
});

it.each([
  ['1.0.0-alpha', '1.0.0-alpha.1'],
  ['1.0.0-alpha.1', '1.0.0-alpha.beta'],
  ['1.0.0-beta.2', '1.0.0-beta.11'],
  ['1.0.0-rc.1', '1.0.0'],
])('%s is before %s', (lower, higher) => {
  expect(isAffected(lower, before(higher), false)).toBe(true);
  expect(isAffected(higher, before(higher), false)).toBe(false);
});

it('several ranges and several turns in one range count', () => {
  const turns = semver(
    { introduced: '1.0.0' },
    { fixed: '1.5.0' },
    { introduced: '2.0.0' },
    { last_affected: '2.1.0' },
  );
  const hit = ['1.0.0', '1.4.9', '2.0.0', '2.1.0'];
  const missed = ['0.9.0', '1.5.0', '1.9.9', '2.1.1', '3.0.0'];
  expect([...hit, ...missed].filter((each) => isAffected(each, turns, false))).toEqual(hit);
});

it('a tag that is moved along stands for the newest of its numbers', () => {
  expect(isAffected('v4', before('4.1.2'), true)).toBe(false);
  expect(isAffected('v4.1', before('4.1.2'), true)).toBe(false);
  expect(isAffected('v4', before('5.0.0'), true)).toBe(true);
  expect(isAffected('v4', { versions: ['4'] }, true)).toBe(false);
  expect(isAffected('4', before('4.1.2'), false)).toBe(true);
});

it('a version that is listed is affected, and ranges of commits say nothing of versions', () => {
  expect(isAffected('1.0.1', { versions: ['1.0.1'] }, false)).toBe(true);
  expect(isAffected('1.0.1', { versions: ['1.0.10'] }, false)).toBe(false);
  expect(isAffected('1.0.1', { ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] }, false)).toBe(
    false,
  );
});

it('the smallest way out is free of every advisory, not of those alone that are about the version', () => {
  const first = before('1.5.0');
  const second = semver({ introduced: '1.5.0' }, { fixed: '2.0.1' });
  const third = semver({ introduced: '3.0.0' }, { fixed: '3.1.0' });
  expect(smallestFix('1.0.0', [first])).toBe('1.5.0');
  expect(smallestFix('1.0.0', [first, second, third])).toBe('2.0.1');
  expect(smallestFix('v1.0', [second, first])).toBe('2.0.1');
  expect(smallestFix('3.0.5', [first, second, third])).toBe('3.1.0');
});

it('there is no way out where nobody names one, or a pre-release alone', () => {
  expect(smallestFix('1.0.0', [semver({ introduced: '0' }, { last_affected: '2.0.0' })])).toBeUndefined();
  expect(smallestFix('1.0.0', [before('2.0.0-rc.1')])).toBeUndefined();
  expect(smallestFix('main', [before('2.0.0')])).toBeUndefined();
  expect(smallestFix('2.0.0', [before('1.5.0')])).toBeUndefined();
});
