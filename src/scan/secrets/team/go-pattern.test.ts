import { describe, expect, it } from 'vitest';
import { PatternRefused, translateGoPattern } from './go-pattern.ts';
import { needsKeyword } from './needs-keyword.ts';
import { isSlowPattern } from './probe-pattern.ts';

const matches = (pattern: string, text: string) => new RegExp(translateGoPattern(pattern)).test(text);

describe('a pattern of Go', () => {
  it.each([
    ['(?i)key', 'KEY', true],
    ['key(?i)word', 'keyWORD', true],
    ['key(?i)word', 'KEYword', false],
    ['a(?i)b|c', 'C', true],
    ['(?i:a)b', 'Ab', true],
    ['(?i:a)b', 'AB', false],
    ['(?i)(?-i:Api)x', 'ApiX', true],
    ['(?i)(?-i:Api)x', 'apix', false],
    ['(?i)[a-f0-9_-]{4}', 'A0_-', true],
    ['(?i)[^a]', 'A', false],
    ['(?P<name>a)(?P<name>b)', 'ab', true],
    ['[[:alnum:]]{3}', 'aZ9', true],
    ['a\\z', 'a\n', false],
    ['\\Aa', 'ba', false],
    ['a.b', 'a\rb', true],
    ['a.b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['(?m)^b$', 'a\nb\nc', true],
    ['^b', 'a\nb', false],
    ['\\s', '\u00a0', false],
    ['[\\s]', '\u000b', false],
    ['[\\s\\S-]{3}', 'a\n-', true],
    ['x{,3}', 'x{,3}', true],
    ['a}', 'a}', true],
    ['[]a]+', ']a', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['\\x{41}\\x42', 'AB', true],
    ['[\\x60\'"]', '`', true],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('keeps matches that V8 loses with a modifier', () => {
    // This is why flags are written out; when V8 finds it, that can go.
    const source = ':([\\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,}={0,3})(?:[\\s;]|$)';
    const text = `:${['wiat9QAhnDQjA7', 'wk1kh/TqHz2I1uUA7M7t9SAl/JNXg='].join('')}\n`;
    expect(new RegExp(source, 'i').test(text)).toBe(true);
    expect(new RegExp(`(?i:${source})`).test(text)).toBe(false);
    expect(matches(`(?i)${source}`, text)).toBe(true);
  });

  it.each(['(?U)a', '\\C', '\\pL', '(?=a)', '(a', 'a)', '[a', 'a\\', '(?P=x)', '\\1'])(
    'refuses %s',
    (pattern) => {
      expect(() => translateGoPattern(pattern)).toThrow(PatternRefused);
    },
  );

  it('is noticed when it is slow', () => {
    expect(isSlowPattern(/^(a+)+$/)).toBe(true);
    expect(isSlowPattern(/(?:a|aa)+\d$/)).toBe(true);
    expect(isSlowPattern(/[\w.-]{0,50}?secret[\w.-]{10,50}/)).toBe(false);
  });
});

describe('a keyword', () => {
  it.each([
    ['ghp_[a-z]{36}', ['ghp_'], true],
    ['(?:AKIA|ASIA)[A-Z]{16}', ['akia', 'asia'], true],
    ['(?:AKIA|ASIA|ABIA)[A-Z]{16}', ['akia', 'asia'], false],
    ['(?i)(?:[Oo]kta|OKTA)x', ['okta'], true],
    ['passw(?:or)?d=', ['password', 'passwd'], true],
    ['(?:secret)?[a-f]{40}', ['secret'], false],
    ['[a-f]{40}', ['sgp_'], false],
    ['a-b\\.c', ['a-b.c'], true],
    ['x', [], false],
  ])('of %s with %j is in every match: %s', (pattern, keywords, expected) => {
    expect(needsKeyword(pattern, keywords)).toBe(expected);
  });
});
