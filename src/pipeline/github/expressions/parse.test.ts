import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExpressionNode, pathOf } from '../../expression.ts';
import { findPlaceholders } from './find.ts';
import { parseExpression } from './parse.ts';

/** A tree as text with all its brackets. */
function show(node: ExpressionNode): string {
  switch (node.kind) {
    case 'literal':
      return JSON.stringify(node.value);
    case 'context':
      break;
    case 'property':
      return `${show(node.object)}.${node.name}`;
    case 'wildcard':
      return `${show(node.object)}.*`;
    case 'index':
      return `${show(node.object)}[${show(node.index)}]`;
    case 'call':
      return `${node.name}(${node.args.map(show).join(', ')})`;
    case 'not':
      return `!${show(node.operand)}`;
    case 'binary':
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
  }
  return node.name;
}

function parse(text: string): string {
  const parsed = parseExpression(text);
  return parsed.ok ? show(parsed.root) : `error at ${parsed.error.at}`;
}

it.each([
  ["a || b && c == 'd'", '(a || (b && (c == "d")))'],
  ['!a.b == false', '(!a.b == false)'],
  ["github['event'].issue.labels.*.name", 'github.event.issue.labels.*.name'],
  ['a[*].b[0][c]', 'a.*.b[0][c]'],
  ["format('it''s {0}', x)", 'format("it\'s {0}", x)'],
  ['-1.5e3', '-1500'],
  ['0x1F', '31'],
  ['(a || b) && c', '((a || b) && c)'],
  ['steps.a-b.outputs.c_d', 'steps.a-b.outputs.c_d'],
  ['success( )', 'success()'],
])('%s', (text, expected) => {
  expect(parse(text)).toBe(expected);
});

it.each(['', 'a b', 'a.', '(a', "'open", 'a ||', 'f(a,', '"a"', 'a..b', 'a[', '&', `${'('.repeat(60)}a`])(
  'says where %j is wrong',
  (text) => {
    expect(parse(text)).toMatch(/^error at \d+$/);
  },
);

it('bounds length, depth and chains', () => {
  expect(parse('x'.repeat(21_001))).toBe('error at 0');
  expect(parse(`${'!'.repeat(100)}a`)).toMatch(/^error/);
  expect(parse('a||'.repeat(6_000).concat('a'))).toBe('error at 0');
});

it('never throws, and positions stay inside of the text', () => {
  const parts = fc.constantFrom(
    'a',
    '.',
    '*',
    '[',
    ']',
    '(',
    ')',
    "'",
    '!',
    '&&',
    '==',
    ' ',
    '1',
    ',',
    'fromJSON',
    '\u0000',
  );
  const property = fc.property(fc.array(parts, { maxLength: 40 }), (words) => {
    const text = words.join('');
    const parsed = parseExpression(text);
    if (parsed.ok) expect(parsed.root.end).toBeLessThanOrEqual(text.length);
    else expect(parsed.error.at).toBeLessThanOrEqual(text.length);
  });
  fc.assert(property, { numRuns: 1_000 });
});

it('paths are compared in lower case, with numbers and lists alike', () => {
  const paths = ['GitHub.Event.Commits[0].Message', "github.event['commits'].*.message", 'a[b]'].map(
    (text) => {
      const parsed = parseExpression(text);
      return parsed.ok ? pathOf(parsed.root) : undefined;
    },
  );
  expect(paths).toEqual(['github.event.commits.*.message', 'github.event.commits.*.message', undefined]);
});

describe('placeholders', () => {
  it('end at the first braces outside of quotes', () => {
    const text = "a ${{ format('}} {0}', b) }} c ${{ d }}";
    expect(findPlaceholders(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      "${{ format('}} {0}', b) }}",
      '${{ d }}',
    ]);
  });

  it('that never end are found, too', () => {
    expect(findPlaceholders("x ${{ 'a }}")).toEqual([
      { start: 2, end: 11, innerStart: 5, innerEnd: 11, closed: false },
    ]);
  });
});

it('says the same of a text however many others came in between', () => {
  const texts = ["github.event.issue['title']", '!(a', 'a || b'];
  const before = texts.map((text) => structuredClone(parseExpression(text)));
  for (let count = 0; count < 12_000; count += 1) parseExpression(`a.b${count}`);
  expect(texts.map((text) => parseExpression(text))).toEqual(before);
});
