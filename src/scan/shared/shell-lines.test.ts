import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readExpressions } from '#pipeline/github/expressions/read.ts';
import { SourceText } from '#pipeline/source.ts';
import { readText } from '#pipeline/text.ts';
import { asMapping } from '#pipeline/yaml/access.ts';
import { parseYaml } from '#pipeline/yaml/parse.ts';
import { type ShellLine, shellLinesOf } from './shell-lines.ts';

function linesOf(script: string): { lines: readonly ShellLine[]; source: SourceText } {
  const source = new SourceText('a.yml', `run: ${JSON.stringify(script)}\n`);
  const [root] = parseYaml(source).documents;
  const text = readText(asMapping(root)?.entries[0]?.value, source, readExpressions);
  return { source, lines: text === undefined ? [] : shellLinesOf(text) };
}

it('joins lines that go on, and leaves comments out', () => {
  const { lines } = linesOf('a \\\n  b\n# c\n\nd');
  expect(lines.map(({ code }) => code)).toEqual(['a     b', 'd']);
});

it('knows where a part of a line stands in the file', () => {
  const { lines, source } = linesOf('first\nsecond \\\n third');
  const second = lines[1];
  expect(source.slice(second?.locate(0, 6) ?? { start: 0, end: 0 })).toBe('second');
  expect(second?.code.indexOf('third')).toBe(10);
  expect(source.slice(second?.locate(10, 15) ?? { start: 0, end: 0 })).toBe('third');
});

it('never fails, and never points outside of the file', () => {
  const property = fc.property(
    fc.string({ unit: fc.constantFrom('a', ' ', '\\', '\n', '#', '$') }),
    (script) => {
      const { lines, source } = linesOf(script);
      for (const { code, locate } of lines) {
        const { start, end } = locate(0, code.length);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(source.text.length);
      }
    },
  );
  fc.assert(property, { numRuns: 300 });
});
