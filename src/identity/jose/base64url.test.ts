import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64url } from './base64url.ts';

describe('strict base64url', () => {
  test('decodes what encoding gives', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(decodeBase64url(text)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('gives each run of bytes exactly one spelling', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const bytes = decodeBase64url(text);
        if (bytes !== undefined) expect(bytes.toString('base64url')).toBe(text);
      }),
    );
  });

  test.each(['AA==', 'AB', 'AAB', 'A', 'A+B/', 'AA AA', 'AAAA\n', 'AAAÀ'])('refuses %j', (text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });
});
