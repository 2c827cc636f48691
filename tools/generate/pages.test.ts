import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readCodeUnions } from './error-page.ts';
import { page, table } from './markdown.ts';
import { describeFields } from './schema-fields.ts';

describe('the fields of a schema', () => {
  test('are listed with type, limits, default and meaning, nested ones by their path', () => {
    const schema = z.strictObject({
      host: z.string().describe('Name or address.'),
      port: z.int().min(1).max(65_535).default(5_432),
      mode: z.enum(['a', 'b']).optional(),
      ssl: z.strictObject({ ca: z.string().optional() }).optional(),
      memberOf: z.array(z.string()).min(1).max(10),
      tags: z.record(z.string(), z.string()).optional(),
    });
    expect(describeFields(schema).split('\n').slice(2)).toEqual([
      '| `host` | string | required | Name or address. |',
      '| `port` | integer, 1…65535 | `5432` |  |',
      '| `mode` | `"a"` or `"b"` |  |  |',
      '| `ssl` | `{ ca }` |  |  |',
      '| `ssl.ca` | string |  |  |',
      '| `memberOf` | list of string, 1…10 | required |  |',
      '| `tags` | map to string |  |  |',
    ]);
  });

  test('show what a person writes, where the program makes something else of it', () => {
    const duration = z.string().transform((text) => text.length);
    expect(describeFields(z.strictObject({ ttl: duration }))).toContain('| `ttl` | string |');
  });

  test('a schema without fields says so', () => {
    expect(describeFields(z.strictObject({}))).toBe('None.');
  });
});

describe('the unions of codes in a source file', () => {
  test('are read with their comments', () => {
    const source = [
      "/** Why not. See {@link Other}; `it's` stable. */",
      'export type SampleCode =',
      "  | 'first'",
      '  /** The second. */',
      "  | 'second'",
      '  | Other;',
      "export type Unrelated = 'a';",
    ].join('\n');
    expect(readCodeUnions(source)).toEqual([
      {
        name: 'SampleCode',
        description: "Why not. See Other; `it's` stable.",
        members: [
          { code: 'first', comment: '' },
          { code: 'second', comment: 'The second.' },
        ],
      },
    ]);
  });
});

describe('Markdown', () => {
  test('a bar or a line break in a cell does not break the table', () => {
    expect(table(['a'], [['x | y\nz']])).toBe('| a |\n|---|\n| x \\| y z |');
  });

  test('a page leaves out its empty parts', () => {
    expect(page('T', '', undefined, 'text')).toMatch(/^<!-- .* -->\n\n# T\n\ntext\n$/);
  });
});
