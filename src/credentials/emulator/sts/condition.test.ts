import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionHolds } from './condition.ts';
import { matchesPattern } from './string-pattern.ts';

const context = new Map([
  ['idp:sub', ['provider:github:project:1']],
  ['aws:tagkeys', ['team', 'run']],
]);

describe('conditions', () => {
  it.each<[boolean, string, string, string[]]>([
    [true, 'StringEquals', 'idp:sub', ['other', 'provider:github:project:1']],
    [true, 'StringEquals', 'IDP:SUB', ['provider:github:project:1']],
    [false, 'StringEquals', 'idp:sub', ['provider:github:project:*']],
    [false, 'StringEquals', 'idp:sub', ['PROVIDER:github:project:1']],
    [true, 'StringEqualsIgnoreCase', 'idp:sub', ['PROVIDER:github:project:1']],
    [true, 'StringLike', 'idp:sub', ['provider:*:project:?']],
    [false, 'StringLike', 'idp:sub', ['provider:*:project:??']],
    [false, 'StringNotEquals', 'idp:sub', ['x', 'provider:github:project:1']],
    [true, 'StringNotEquals', 'idp:sub', ['x', 'y']],
    [true, 'StringNotLike', 'idp:sub', ['x*']],
    // Absent keys.
    [false, 'StringEquals', 'idp:amr', ['x']],
    [true, 'StringNotEquals', 'idp:amr', ['x']],
    [true, 'StringEqualsIfExists', 'idp:amr', ['x']],
    [false, 'StringEqualsIfExists', 'idp:sub', ['x']],
    [true, 'Null', 'idp:amr', ['true']],
    [false, 'Null', 'idp:amr', ['false']],
    [true, 'Null', 'idp:sub', ['false']],
    // Keys with several values.
    [true, 'ForAllValues:StringEquals', 'aws:TagKeys', ['team', 'run', 'x']],
    [false, 'ForAllValues:StringEquals', 'aws:TagKeys', ['team']],
    [true, 'ForAnyValue:StringEquals', 'aws:TagKeys', ['team']],
    [false, 'ForAnyValue:StringEquals', 'aws:TagKeys', ['x']],
    [true, 'ForAllValues:StringEquals', 'idp:amr', ['x']],
    [false, 'ForAnyValue:StringEquals', 'idp:amr', ['x']],
    [false, 'StringNotEquals', 'aws:TagKeys', ['team']],
  ])('%s: %s %s %j', (expected, operator, key, values) => {
    expect(conditionHolds({ [operator]: { [key]: values } }, context)).toBe(expected);
  });

  it('must hold for each key and each operator', () => {
    const holds = { 'idp:sub': ['provider:github:project:1'] };
    expect(conditionHolds({ StringEquals: { ...holds, 'idp:aud': ['x'] } }, context)).toBe(false);
    expect(conditionHolds({ StringEquals: holds, StringLike: { 'idp:sub': ['x*'] } }, context)).toBe(false);
    expect(conditionHolds({ StringEquals: holds, StringLike: { 'idp:sub': ['*'] } }, context)).toBe(true);
  });
});

describe('string patterns', () => {
  it('agree with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (text, pattern) => {
        const escaped = pattern.replace(/\./g, '\\.').replace(/\*/g, '.*').replace(/\?/g, '.');
        expect(matchesPattern(text, pattern)).toBe(new RegExp(`^(?:${escaped})$`).test(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('do not take exponential time', () => {
    expect(matchesPattern('a'.repeat(2_000), `${'*a'.repeat(200)}*b`)).toBe(false);
  });
});
