import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitPolicies, utf16Offset } from './source-policy.ts';
import { tokenize } from './tokenize.ts';

const split = (text: string) => splitPolicies({ path: 'a.cedar', text }).map((policy) => policy.text);

describe('splitting', () => {
  it('ends policies at semicolons that are neither in a string nor in a comment', () => {
    const text = 'permit (";", // no; really\n "\\";" );\n// between;\nforbid(a); rest';
    expect(split(text)).toEqual(['permit (";", // no; really\n "\\";" );', 'forbid(a);', 'rest']);
  });

  it('knows where each stands', () => {
    const [, second] = splitPolicies({ path: 'a.cedar', text: 'a;\r\n// é\r\n  b\n c;' });
    expect(second?.positionAt(0)).toEqual({ file: 'a.cedar', line: 3, column: 3 });
    expect(second?.positionAt(3)).toEqual({ file: 'a.cedar', line: 4, column: 2 });
  });

  it('loses no text but white space and comments, whatever the text', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(';', '"', '\\', '//', '\n', 'permit', '\u2028', '('));
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => {
          let at = 0;
          for (const token of tokenize(text)) {
            expect(text.slice(at, token.start)).toMatch(/^(?:\s|\/\/[^\n\r]*)*$/);
            expect(text.slice(token.start, token.end)).toBe(token.text);
            at = token.end;
          }
          expect(text.slice(at)).toMatch(/^(?:\s|\/\/[^\n\r]*)*$/);
          for (const policy of split(text)) expect(text).toContain(policy);
        },
      ),
    );
  });

  it('a string of a mebibyte and one that never ends take no time', () => {
    expect(split(`"${'\\"'.repeat(500_000)}";`)).toHaveLength(1);
    expect(split(`"${'\\"'.repeat(500_000)}`)).toHaveLength(1);
  });
});

it('offsets in bytes become offsets in code units', () => {
  const text = 'aé😀"b';
  for (let length = 0; length <= text.length; length += 1) {
    const head = text.slice(0, length);
    if (head.isWellFormed()) expect(utf16Offset(text, Buffer.byteLength(head))).toBe(length);
  }
});
