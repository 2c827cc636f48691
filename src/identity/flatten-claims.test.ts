import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flattenClaims } from './flatten-claims.ts';

function flat(list: unknown[]): string | undefined {
  const result = flattenClaims({ list });
  return result.ok ? result.claims.list : undefined;
}

function manyClaims(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, 'x']));
}

describe('flattened claims', () => {
  test('are text by dotted path', () => {
    const claims = { a: 'x', b: { c: 1, d: { e: false } }, f: 1.5, g: '', h: null, constructor: 'own' };
    expect(flattenClaims(claims)).toEqual({
      ok: true,
      claims: { a: 'x', 'b.c': '1', 'b.d.e': 'false', f: '1.5', g: '', constructor: 'own' },
    });
  });

  test('hold a list of scalars as JSON, so that no element can look like two', () => {
    expect(flat(['a', 'b'])).toBe('["a","b"]');
    expect(flat(['a,b'])).not.toBe(flat(['a', 'b']));
    expect(flat(['a","b'])).not.toBe(flat(['a', 'b']));
    expect(flat([])).toBe('[]');
  });

  test('leave out lists of objects and lists that are too long', () => {
    expect(flattenClaims({ a: [{ b: 1 }], c: [['x']], d: Array(1_000).fill('abc') })).toEqual({
      ok: true,
      claims: {},
    });
  });

  test.each([
    ['a text with a line break', { a: '1\n2' }],
    ['a name with a line break', { 'a\n': '1' }],
    ['a text that is too long', { a: 'x'.repeat(2_001) }],
    ['a whole number beyond 2^53', { a: 2 ** 53 }],
    ['a number beyond all numbers', { a: Number.POSITIVE_INFINITY }],
    ['two claims of one path', { 'a.b': '1', a: { b: '1' } }],
    ['two claims of one path, the other way round', { a: { b: '1' }, 'a.b': '1' }],
  ])('do not exist with %s', (_, claims) => {
    expect(flattenClaims(claims)).toMatchObject({ ok: false, refusal: { code: 'token_claim_invalid' } });
  });

  test('are at most 200', () => {
    expect(flattenClaims(manyClaims(200)).ok).toBe(true);
    expect(flattenClaims(manyClaims(201)).ok).toBe(false);
  });

  test('stay within their bounds whatever JSON holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (claims) => {
        const result = flattenClaims(claims);
        if (!result.ok) return;
        for (const [path, value] of Object.entries(result.claims)) {
          expect(path.length).toBeLessThanOrEqual(2_000);
          expect(value).not.toMatch(/[\p{Cc}\u2028]/u);
        }
      }),
    );
  });
});
