import { expect, it } from 'vitest';
import { nearestWord } from './nearest.ts';

it('finds the word that was meant behind a slip', () => {
  expect(nearestWord('enviroment', ['ref', 'environment', 'project'])).toBe('environment');
  expect(nearestWord('rfe', ['ref', 'run'])).toBe('ref');
  expect(nearestWord('MemberOf', ['memberOf', 'member'])).toBe('memberOf');
});

it('suggests nothing when nothing is near', () => {
  expect(nearestWord('banana', ['ref', 'environment'])).toBeUndefined();
  expect(nearestWord('x'.repeat(200), ['x'.repeat(199)])).toBeUndefined();
});
