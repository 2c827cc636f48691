import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFacts } from './facts.ts';
import { COLUMNS, formatFields, formatParagraph, formatTable, wrapWords } from './layout.ts';

const words = fc.array(fc.string({ minLength: 1, maxLength: 12 }).filter((word) => !/\s/u.test(word)));

describe('text in columns', () => {
  it('breaks between words, and loses none', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 40 }), (list, columns) => {
        const text = list.join(' ');
        const lines = wrapWords(text, columns);
        // A line that looks like a command of a workflow gets one character more.
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns + 1);
        expect(lines.map((line) => line.replace(/^\\(?=::)/u, '')).join(' ')).toBe(text);
      }),
    );
  });

  it('leaves a long word whole, or breaks it after a separator and never inside a character', () => {
    expect(wrapWords(`see ${'x'.repeat(30)}`, 20)).toEqual(['see', 'x'.repeat(30)]);
    expect(wrapWords('acme/shop/.github/workflows/deploy.yml', 20, 'broken')).toEqual([
      'acme/shop/.github/',
      'workflows/deploy.yml',
    ]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 30 }), (text) => {
        for (const line of wrapWords(text, 9, 'broken'))
          expect(line.isWellFormed()).toBe(text.isWellFormed());
      }),
    );
  });

  it('keeps a table within its columns, whatever is in its cells', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }), (rows) => {
        const text = formatTable(['fact', 'expected', 'received'], rows, '    ');
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(COLUMNS + 1);
        expect(text).not.toMatch(/^\s*::/mu);
      }),
    );
  });

  it('never begins a line with what GitHub takes for a command, nor holds one of Azure', () => {
    expect(formatParagraph('', '::add-mask::x')).toBe('\\::add-mask::x\n');
    expect(formatFields([['name', `${'x'.repeat(70)} ::stop-commands::x`]])).toContain('\n      \\::stop');
    expect(formatParagraph('', 'a ##[save-state name=x]y ##vso[task.setvariable]')).toBe(
      'a #\\#[save-state name=x]y #\\#vso[task.setvariable]\n',
    );
  });
});

describe('facts', () => {
  it('stand in a table under the policy that they are about', () => {
    expect(
      formatFacts(
        [
          { name: 'policy', expected: 'applies', received: 'deploys-from-main does not apply' },
          { name: 'principal.ref.full', expected: 'refs/heads/main', received: 'refs/pull/7/merge' },
          { name: 'principal.environment.name', expected: 'production', received: null },
          { name: 'policy', expected: 'applies', received: 'releases does not apply' },
          {
            name: 'principal.callee.uri',
            expected: 'matches acme/workflows/.github/workflows/deploy.yml@refs/tags/*',
            received: 'acme/shop/.github/workflows/something-else-entirely.yml@refs/heads/main',
          },
        ],
        '  ',
      ),
    ).toMatchInlineSnapshot(`
      "  Policy deploys-from-main does not apply:
          fact                        expected         received
          principal.ref.full          refs/heads/main  refs/pull/7/merge
          principal.environment.name  production       (absent)
        Policy releases does not apply:
          fact                  expected                  received
          principal.callee.uri  matches                   acme/shop/.github/
                                acme/workflows/.github/   workflows/something-
                                workflows/deploy.yml@     else-entirely.yml@refs/
                                refs/tags/*               heads/main
      "
    `);
  });
});
