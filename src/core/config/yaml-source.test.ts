import fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { parseYamlSource } from './yaml-source.ts';

function sourceOf(text: string) {
  const parsed = parseYamlSource('f.yaml', text);
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.source;
}

describe('a YAML source', () => {
  test('knows where each value stands, or its nearest ancestor', () => {
    const source = sourceOf('a: 1\nlist:\n  - x\n  - { y: 2 }\n');
    expect(source.locate(['list', 1, 'y'])).toEqual({ line: 4, column: 10 });
    expect(source.locate(['list', 0])).toEqual({ line: 3, column: 5 });
    expect(source.locate(['list', 1, 'nowhere', 'deep']).line).toBe(4);
    expect(source.locate(['nowhere'])).toEqual({ line: 1, column: 1 });
    expect(sourceOf('').locate(['a'])).toEqual({ line: 1, column: 1 });
  });

  test.each([
    ['a key that comes twice', 'a: 1\na: 2\n', 2],
    ['broken indentation', 'a:\n  b: 1\n c: 2\n', 3],
    ['several documents', 'a: 1\n---\nb: 2\n', 2],
    ['an alias', 'a: &x 1\nb: *x\n', 1],
    ['nesting without end', '['.repeat(50_000), 1],
    ['too many bytes', 'x'.repeat(1_048_577), 1],
  ])('with %s is refused', (_, text, line) => {
    const parsed = parseYamlSource('f.yaml', text);
    expect(parsed).toMatchObject({ ok: false, problems: [{ file: 'f.yaml', line }] });
  });

  test('gives what was written, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), (value, text) => {
        const parsed = parseYamlSource('f.yaml', stringify({ value }, { aliasDuplicateObjects: false }));
        expect(parsed.ok && JSON.stringify(parsed.source.value)).toBe(JSON.stringify({ value }));
        expect([true, false]).toContain(parseYamlSource('f.yaml', text).ok);
      }),
    );
  });
});
