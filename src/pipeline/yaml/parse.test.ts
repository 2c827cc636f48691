import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { SourceText } from '../source.ts';
import { asScalar, findValue, resolveAlias } from './access.ts';
import type { YamlNode } from './node.ts';
import { defaultYamlLimits, parseYaml } from './parse.ts';
import { ScalarSource } from './scalar-source.ts';

const parse = (text: string, limits = defaultYamlLimits) => parseYaml(new SourceText('a.yml', text), limits);
const rootOf = (text: string) => parse(text).documents[0];

/** A tree as plain data, texts for all scalars. */
function toData(node: YamlNode | undefined): unknown {
  const content = resolveAlias(node);
  if (content?.kind === 'mapping') {
    return Object.fromEntries(
      content.entries.map((entry) => [asScalar(entry.key)?.value, toData(entry.value)]),
    );
  }
  return content?.kind === 'sequence' ? content.items.map(toData) : content?.value;
}

describe('a tree', () => {
  it('has the data of the file', () => {
    const text =
      'a: 1\nb: [x, "y\\n", {c: d}]\ne:\n  - |\n    two\n    lines\n  - >-\n    one\n    line\nf: &n {g: h}\ni: *n\n';
    expect(toData(rootOf(text))).toEqual({
      a: '1',
      b: ['x', 'y\n', { c: 'd' }],
      e: ['two\nlines\n', 'one line'],
      f: { g: 'h' },
      i: { g: 'h' },
    });
  });

  it.each([
    ['a: plain value # c\n', 'plain value'],
    ["a: 'it''s'\n", "'it''s'"],
    ['a: "q"\n', '"q"'],
    ['a: |-\n  x\n  y\n\nb: 1\n', '|-\n  x\n  y'],
    ['a: # > no\n  &x >\n  x\nb: 1\n', '>\n  x'],
    ['a: [1, [2], {b: }, ] # c\n', '[1, [2], {b: }, ]'],
    ['a:\n  b: c\n  d: e\n', 'b: c\n  d: e'],
    ['a:\n  - 1\n  - 2\nb: 3', '- 1\n  - 2'],
  ])('knows where the value stands in %j', (text, expected) => {
    const value = findValue(rootOf(text), 'a');
    expect(text.slice(value?.start, value?.end)).toBe(expected);
  });

  it('counts lines and columns as editors do', () => {
    const source = new SourceText('a', 'ab\r\ncd\n\ne');
    expect([0, 4, 5, 8].map((offset) => source.position(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 2, column: 1 },
      { line: 2, column: 2 },
      { line: 4, column: 1 },
    ]);
    expect(source.line(1)).toBe('ab');
  });
});

describe('a decoded scalar', () => {
  /** Texts that every style can carry. */
  const line = fc.string({
    unit: fc.constantFrom('a', 'b', '$', '{', '}', ' ', "'", '#', ':', 'é', '😀'),
    maxLength: 12,
  });
  const content = fc.array(line, { minLength: 1, maxLength: 5 });
  const styles: Record<string, (lines: string[]) => string> = {
    literal: (lines) => `- |\n${lines.map((each) => `  ${each}`).join('\n')}\n`,
    folded: (lines) => `- >-\n${lines.map((each) => `  ${each}`).join('\n')}\n`,
    'single-quoted': (lines) => `- '${lines.join('\n  ').replaceAll("'", "''")}'\n`,
    'double-quoted': (lines) => `- ${JSON.stringify(lines.join('\n'))}\n`,
    plain: (lines) => `- x${lines.join('\n  y')}\n`,
  };

  it.each(Object.keys(styles))('leads back to the file, character by character (%s)', (style) => {
    const property = fc.property(content, (lines) => {
      const text = styles[style]?.(lines) ?? '';
      const item = (rootOf(text) as { items?: YamlNode[] } | undefined)?.items?.[0];
      const node = asScalar(item);
      fc.pre(node !== undefined && node.value !== '');
      if (node === undefined) return;
      const source = new ScalarSource(text, node);
      let last = 0;
      for (let index = 0; index < node.value.length; index += 1) {
        const offset = source.offset(index);
        expect(offset).toBeGreaterThanOrEqual(last);
        last = offset;
        const char = node.value.charAt(index);
        // A line break, a space for one, and an escape are written otherwise.
        if (!/[\s'"\\]/.test(char)) expect(text.charAt(offset)).toBe(char);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});

it('reads flow collections whose lines stand under their key, as platforms do', () => {
  const text =
    'on:\n  push:\n    branches: [ # "which\n      main, # two\n    "a # b",\n    ]\njobs:\n  x: {\n  a: 1\n  }\n';
  expect(toData(rootOf(text))).toEqual({
    on: { push: { branches: ['main', 'a # b'] } },
    jobs: { x: { a: '1' } },
  });
  const value = findValue(findValue(findValue(rootOf(text), 'on'), 'push'), 'branches');
  expect(text.slice(value?.start, value?.end)).toMatch(/^\[ #[^]*\]$/);
});

describe('hostile files end in a record', () => {
  it('a bomb of aliases is not followed', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let index = 1; index < 30; index += 1) {
      lines.push(
        `a${index}: &a${index} [${Array(9)
          .fill(`*a${index - 1}`)
          .join(', ')}]`,
      );
    }
    const { documents, problems } = parse(lines.join('\n'));
    expect(documents).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind: 'alias-expansion', partial: true });
    let count = 0;
    const walk = (node: YamlNode | undefined): void => {
      count += 1;
      const content = resolveAlias(node);
      if (content?.kind === 'mapping') for (const entry of content.entries) walk(entry.value);
      if (content?.kind === 'sequence') content.items.forEach(walk);
    };
    walk(documents[0]);
    expect(count).toBeLessThan(defaultYamlLimits.expandedNodesMax);
  });

  it('an alias that contains itself, and one that nobody defined, stay open', () => {
    expect(parse('a: &a [*a]').problems).toMatchObject([{ kind: 'alias-cycle' }]);
    expect(parse('a: *b').problems).toMatchObject([{ kind: 'alias-unknown', span: { start: 4, end: 5 } }]);
  });

  it('a key that stands twice is reported where it stands again', () => {
    expect(parse('a: 1\nb: 2\na: 3').problems).toMatchObject([
      { kind: 'duplicate-key', span: { start: 10 } },
    ]);
  });

  it('what is no YAML, too large or too deep says so', () => {
    expect(parse('a: [b').problems).toMatchObject([{ kind: 'syntax', partial: false }]);
    expect(parse('x'.repeat(11), { ...defaultYamlLimits, charactersMax: 10 }).problems).toMatchObject([
      { kind: 'too-large' },
    ]);
    expect(parse(`${'['.repeat(200)}${']'.repeat(200)}`).problems).toMatchObject([{ kind: 'syntax' }]);
    expect(parse('- a\n'.repeat(2_000_000)).problems).toMatchObject([{ kind: 'too-many-nodes' }]);
  });

  it.each([
    '[a,'.repeat(90),
    '? '.repeat(5_000),
    '{a: '.repeat(90),
    '- '.repeat(90),
    '"'.repeat(9_999),
    '&a '.repeat(3_000),
    '[[]: '.repeat(60),
  ])('in time: %j', (text) => {
    const startMs = threadMs();
    parse(text.repeat(3));
    expect(threadMs() - startMs).toBeLessThan(2_000);
  });

  it('any text is parsed like the reference says, or refused with a reason', () => {
    const words = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|',
      '>',
      '#',
      '&a ',
      '*a',
      '!t ',
      '? ',
      '---\n',
      '\t',
      '\r\n',
      '${{ x }}',
    );
    const property = fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
      const text = parts.join('');
      const { documents, problems } = parse(text);
      for (const document of documents) {
        expect(document.start).toBeGreaterThanOrEqual(0);
        expect(document.end).toBeLessThanOrEqual(text.length);
      }
      if (documents.length === 0 && text.trim() !== '') {
        let refused = false;
        try {
          load(text);
        } catch {
          refused = true;
        }
        expect(refused || problems.length > 0 || !/[^\s#-]/.test(text)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});
