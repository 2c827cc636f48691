import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tokenize } from './tokenize.ts';

function wordsOf(text: string): string[] {
  return tokenize(text).tokens.map((token) => (token.kind === 'string' ? `<${token.value}>` : token.text));
}

it.each([
  [`'a\\'b'`, "<a'b>"],
  [`"a\\"b"`, '<a"b>'],
  [`'''a 'b' c'''`, "<a 'b' c>"],
  [`"""a "b" c"""`, '<a "b" c>'],
  [`'a\\nb\\tc'`, '<a\nb\tc>'],
  [`'\\u0041'`, '<A>'],
  [`'''a\\\nb'''`, '<ab>'],
  [`x = /a\\/b.*/`, '<a/b.*>'],
  ['x = $/a/b $$c/$', '<a/b $c>'],
])('decodes %s', (text, expected) => {
  expect(wordsOf(text)).toContain(expected);
});

it('takes a slash for a division behind a value, and for a string elsewhere', () => {
  expect(wordsOf('a / b / c')).toEqual(['a', '/', 'b', '/', 'c', '']);
  expect(wordsOf('x ==~ /a b/')).toEqual(['x', '==~', '<a b>', '']);
  expect(wordsOf('return /a/')).toEqual(['return', '<a>', '']);
});

it('steps over comments and a first line for the shell', () => {
  expect(wordsOf('#!groovy\na // b\n/* c\n */ d')).toEqual(['\n', 'a', '\n', 'd', '']);
});

it('finds what Groovy replaces, with strings and braces in it', () => {
  const [token] = tokenize('"x ${a ? "}" : { b }} $c.d\\$e ${f}"').tokens;
  expect(token?.kind).toBe('string');
  if (token?.kind !== 'string') return;
  const shown = token.interpolations.map(({ outer }) => token.value.slice(outer.start, outer.end));
  expect(shown).toEqual(['${a ? "}" : { b }}', '$c.d', '${f}']);
});

it('ends a string that nobody closed with its line, and says so', () => {
  const { tokens, problems } = tokenize("a 'b\nc");
  expect(tokens.map(({ kind }) => kind)).toEqual(['word', 'string', 'newline', 'word', 'end']);
  expect(problems).toHaveLength(1);
});

const FRAGMENTS = [
  '"',
  "'",
  '"""',
  "'''",
  '/',
  '$/',
  '/$',
  '${',
  '}',
  '{',
  '$a',
  '\\',
  '\n',
  'a',
  '=',
  ' ',
  '/*',
  '*/',
  '//',
];

it('covers every text with tokens in order, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.constantFrom(...FRAGMENTS)).map((parts) => parts.join('')),
      ),
      (text) => {
        let at = 0;
        for (const { start, end } of tokenize(text).tokens) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThanOrEqual(start);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});

it('keeps the place of every character that stands in the file as it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...FRAGMENTS, 'x')).map((parts) => parts.join('')),
      (text) => {
        for (const token of tokenize(text).tokens) {
          if (token.kind !== 'string') continue;
          for (const { valueStart, sourceStart, length } of token.runs) {
            expect(token.value.slice(valueStart, valueStart + length)).toBe(
              text.slice(sourceStart, sourceStart + length),
            );
          }
        }
      },
    ),
  );
});
