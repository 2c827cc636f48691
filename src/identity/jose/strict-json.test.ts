import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictObject } from './strict-json.ts';

function parse(text: string) {
  return parseStrictObject(Buffer.from(text));
}

/** JSON with names that do not repeat by construction; `__proto__` and lone surrogates are refused on purpose. */
const plainObject = fc
  .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 3 }))
  .filter((value) => !JSON.stringify(value).includes('__proto__'))
  .filter((value) => !/\\u[dD][89a-fA-F]/.test(JSON.stringify(value)));

function spell(name: string, escaped: boolean): string {
  const escape = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return escaped ? `"${name.replaceAll(/./g, escape)}"` : JSON.stringify(name);
}

describe('the strict reader of JSON objects', () => {
  test('reads every ordinary object as JSON.parse does', () => {
    fc.assert(
      fc.property(plainObject, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test('finds a repeated member wherever it is and however it is spelt', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,8}$/),
        fc.boolean(),
        fc.array(fc.constantFrom('{"x":%}', '{"y":[1,%]}', '{"z":"}{\\"",  "w" : %}'), { maxLength: 3 }),
        (name, escaped, wraps) => {
          const inner = `{${spell(name, escaped)} : 1, "other":[{}], ${spell(name, !escaped)}:"]"}`;
          const text = wraps.reduce((within, wrap) => wrap.replace('%', () => within), inner);
          expect(parse(text)).toEqual({ ok: false, fault: 'duplicate_member', member: name });
        },
      ),
    );
  });

  test('lets one name stand in different objects', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":1},{"a":2}]}').ok).toBe(true);
  });

  test('takes a text before a colon inside a text for what it is', () => {
    expect(parse(String.raw`{"a":"\"b\":","b":"a","c":["a","a"]}`).ok).toBe(true);
  });

  test.each([
    ['[]', 'malformed'],
    ['1', 'malformed'],
    ['null', 'malformed'],
    ['{"a":1}x', 'malformed'],
    ["{'a':1}", 'malformed'],
    ['{"a":1,}', 'malformed'],
    ['{"a', 'malformed'],
    ['{"a\\', 'malformed'],
    [String.raw`{"a":"\ud800"}`, 'malformed'],
    [String.raw`{"\ud800\ud800":1}`, 'malformed'],
    ['{"__proto__":1}', 'malformed'],
    [String.raw`{"\u005f_proto__":1}`, 'malformed'],
    [`{"a":${'['.repeat(16)}${']'.repeat(16)}}`, 'too_deep'],
    ['['.repeat(100_000), 'too_deep'],
  ])('refuses %.40s (%s)', (text, fault) => {
    expect(parse(text)).toEqual({ ok: false, fault });
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(parseStrictObject(Buffer.from('{"a":"ÿ"}', 'latin1'))).toEqual({ ok: false, fault: 'malformed' });
  });

  test('never throws', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[{}[\]":,\\u0-9ad ]{0,40}$/));
    fc.assert(
      fc.property(texts, (text) => {
        const result = parse(text);
        if (result.ok) expect(JSON.parse(text)).toEqual(result.value);
      }),
      { numRuns: 2_000 },
    );
  });
});
