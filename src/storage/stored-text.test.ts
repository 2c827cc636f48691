import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromStoredText, toStoredText } from './stored-text.ts';

describe('stored text', () => {
  it('leaves ordinary text as it is', () => {
    for (const text of ['', 'github/1/2', 'acme/shop@refs/heads/main', 'Grüße \u{1F511} "quoted"']) {
      expect(toStoredText(text)).toBe(text);
    }
  });

  it('writes what a database cannot hold as four hex digits', () => {
    expect(toStoredText('a\0b')).toBe('a\\0000b');
    expect(toStoredText('\uDC00x')).toBe('\\dc00x');
    expect(toStoredText('C:\\0000')).toBe('C:\\005c0000');
  });

  it('comes back as it was, and can be held by any database', () => {
    const any = fc.string({
      unit: fc.constantFrom('\0', '\\', '\uD800', '\uDC00', '0', 'd', 'ä', '\u{1F511}', 'u'),
    });
    fc.assert(
      fc.property(fc.oneof(any, fc.string({ unit: 'binary' })), (text) => {
        const stored = toStoredText(text);
        expect(stored.isWellFormed()).toBe(true);
        expect(stored).not.toContain('\0');
        expect(fromStoredText(stored)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps different texts different', () => {
    const unit = fc.constantFrom('\0', '\\', '0', '5', 'c');
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit }), (one, other) => {
        expect(toStoredText(one) === toStoredText(other)).toBe(one === other);
      }),
      { numRuns: 2_000 },
    );
  });
});
