import { expect, it } from 'vitest';
import type { Block } from '#scan/view.ts';
import { writeMarkdown, writeTerminal } from './write-blocks.ts';

const blocks: readonly Block[] = [
  { kind: 'heading', text: 'What comes from elsewhere' },
  { kind: 'text', text: 'Nine things, `two` of them can move.' },
  { kind: 'list', items: ['one', 'two'] },
  { kind: 'table', head: ['name', 'pin'], rows: [['actions/checkout', 'commit']] },
  { kind: 'code', language: 'diff', text: '--- a\n+++ b\n' },
];

it('writes every kind of block for a terminal', () => {
  expect(writeTerminal(blocks, false)).toBe(`What comes from elsewhere
─────────────────────────

Nine things, \`two\` of them can move.

- one
- two

name              pin
actions/checkout  commit

  --- a
  +++ b
`);
});

it('writes every kind of block as Markdown', () => {
  expect(writeMarkdown(blocks)).toBe(`## What comes from elsewhere

Nine things, \`two\` of them can move.

- one
- two

| name | pin |
| --- | --- |
| actions/checkout | commit |

\`\`\`diff
--- a
+++ b
\`\`\`
`);
});

it('keeps names of a scanned file from acting, in both', () => {
  const hostile: Block[] = [
    { kind: 'table', head: ['name'], rows: [['a|b\u001b[2J<img src=x>@team']] },
    { kind: 'code', language: 'yaml', text: '```\n::set-env name=x::\n\u202e' },
  ];
  const text = writeTerminal(hostile, false);
  expect(text).not.toContain('\u001b');
  expect(text).toContain('\\::set-env');
  const markdown = writeMarkdown(hostile);
  expect(markdown).toContain('&#124;');
  expect(markdown).not.toContain('<img');
  expect(markdown).toContain('````yaml');
  expect(markdown).not.toContain('\u202e');
});

it('stays within 80 columns', () => {
  const long = 'a-name-of-a-secret-that-is-long '.repeat(9);
  const wide: Block[] = [
    { kind: 'table', head: ['a', 'b', 'c'], rows: [[long, long, long]] },
    { kind: 'text', text: long },
    { kind: 'list', items: [long] },
  ];
  for (const line of writeTerminal(wide, false).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
