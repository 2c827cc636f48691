import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten, showLine, showPatch, showText } from './show-text.ts';

const token = ['AKIA', 'ABCDEFGHIJKLMNOP'].join('');

describe('text that people are shown', () => {
  it('keeps its lines, tabs and words', () => {
    expect(showText('a:\n\tb: c\r\n')).toBe('a:\n\tb: c\n');
  });

  it('hides secrets, and shows what would act on the reader', () => {
    expect(showLine(`key: ${token}`)).not.toContain(token);
    expect(showLine('a\u202eb\u001b[2J')).toBe('a\\u202eb\\u001b[2J');
    expect(shorten('two\nlines\u2066')).toBe('two\\u000alines\\u2066');
  });

  it('is bounded, and well-formed whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        for (const shown of [shorten(text, 50), showLine(text)]) {
          expect(shown.isWellFormed()).toBe(true);
          expect(shown.replaceAll('\t', ' ')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        }
        expect(shorten(text, 50).length).toBeLessThanOrEqual(50);
      }),
    );
    const before = performance.now();
    expect(showLine('a'.repeat(1_000_000))).toHaveLength(2_000);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('a patch that people are shown', () => {
  const patch = (line: string) => `--- a/x.yml\n+++ b/x.yml\n@@ -1,1 +1,1 @@\n-${line}\n+b: c\n`;

  it('is the patch, to the byte, line breaks of others included', () => {
    for (const each of [patch('a: b'), patch('a: b\r')]) expect(showPatch(each)).toBe(each);
  });

  it.each([
    ['holds a secret', `key: ${token}`],
    ['would have to be cut', 'a'.repeat(3_000)],
    ['hides something', 'a\u202eb'],
  ])('is none where a line %s', (_what, line) => {
    expect(showPatch(patch(line))).toBeUndefined();
  });
});
