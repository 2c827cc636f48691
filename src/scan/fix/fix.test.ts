import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Rule } from '../rule.ts';
import { rules } from '../rules.generated.ts';
import { TEST_DAY_MS } from '../testing/scan-text.ts';
import { applyEdits, overlaps, replacedRanges } from './apply-edits.ts';
import { fixRepository } from './fix-repository.ts';
import { replaceFile } from './replace-file.ts';
import { formatUnifiedDiff } from './unified-diff.ts';
import { findStrayChange } from './verify-edits.ts';

const folder = mkdtempSync(join(tmpdir(), 'vouchgate-fix-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('edits', () => {
  it('change what they name and nothing else', () => {
    const cuts = fc
      .uniqueArray(fc.nat(30), { minLength: 2, maxLength: 8 })
      .map((all) => all.sort((a, b) => a - b));
    const property = fc.property(fc.string({ minLength: 31, maxLength: 40 }), cuts, (text, places) => {
      const edits = places.flatMap((start, index) => {
        const end = places[index + 1];
        return index % 2 === 0 && end !== undefined ? [{ start, end, replacement: `<${index}>` }] : [];
      });
      const result = applyEdits(text, edits.toReversed());
      const ranges = replacedRanges(edits);
      expect(ranges.map(({ start, end }) => result.slice(start, end))).toEqual(
        edits.map(({ replacement }) => replacement),
      );
      const undone = ranges.map(({ start, end }, index) => ({
        start,
        end,
        replacement: text.slice(edits[index]?.start, edits[index]?.end),
      }));
      expect(applyEdits(result, undone)).toBe(text);
    });
    fc.assert(property);
  });

  it('that want the same place are told apart', () => {
    const at = (start: number, end: number) => ({ start, end, replacement: '' });
    expect([
      overlaps(at(1, 1), at(1, 1)),
      overlaps(at(1, 3), at(2, 4)),
      overlaps(at(1, 2), at(2, 3)),
    ]).toEqual([true, true, false]);
    expect(() => applyEdits('abc', [at(0, 2), at(1, 3)])).toThrow(RangeError);
  });
});

describe('a change that is not the intended one is refused', () => {
  const before = 'a: one\nb:\n  c: two\n  d: three\n';
  const check = (start: number, end: number, replacement: string) => {
    const edit = { start, end, replacement };
    return findStrayChange('f', before, applyEdits(before, [edit]), [edit]);
  };

  it('and one that is passes', () => {
    expect(check(3, 6, 'other')).toBeUndefined();
    expect(check(12, 12, 'x: new\n  ')).toBeUndefined();
  });

  it('because it breaks the YAML', () => {
    expect(check(3, 6, '[')).toMatch(/not valid YAML/);
  });

  it('because it swallows what follows', () => {
    expect(check(7, 7, 'z: |\n  ')).toMatch(/something else/);
  });

  it('because a neighbour moved into it', () => {
    expect(check(22, 24, '    ')).toMatch(/something else|not valid/);
  });
});

describe('the fixer', () => {
  const options = { rules, asOfMs: TEST_DAY_MS };
  const text =
    'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4   # odd   spacing\n\n\n      -   run:   "make"\n';

  it('keeps every byte that it does not need to change, CRLF too', () => {
    for (const each of [text, text.replaceAll('\n', '\r\n')]) {
      const fixed = fixRepository(
        { root: '', files: [{ file: '.github/workflows/a.yml', text: each }] },
        options,
        'safe',
      );
      const after = fixed.changed.get('.github/workflows/a.yml') ?? '';
      expect(after.replace(/\n {8}with:\n {10}persist-credentials: false/, '')).toBe(each);
      expect(fixed.outcomes).toMatchObject([{ ruleId: 'persisted-credentials', refused: undefined }]);
    }
  });

  it('does not apply unsafe fixes when only safe ones are asked for', () => {
    const unsafe =
      'on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n';
    const files = [{ file: '.github/workflows/a.yml', text: unsafe }];
    expect(fixRepository({ root: '', files }, options, 'safe').changed.size).toBe(0);
    expect(fixRepository({ root: '', files }, options, 'unsafe').changed.size).toBe(1);
  });

  const broken = (replacement: string): Rule => ({
    id: 'broken',
    title: 'Broken',
    severity: 'low',
    confidence: 'high',
    persona: 'regular',
    platforms: ['github'],
    standards: { cicdSec: [], cwe: [], cis: [] },
    description: '',
    why: '',
    remedy: '',
    references: [],
    aliases: [],
    job: ({ key }, context) => {
      const edits = [{ start: key.start, end: key.end, replacement }];
      context.report({ at: key, message: 'x', fixes: [{ title: 'break it', safety: 'safe', edits }] });
    },
  });

  it('takes back a fix that does not silence its finding, and one that breaks the file', () => {
    for (const [replacement, reason] of [
      ['b', /still be there/],
      ['[', /not the YAML/],
    ] as const) {
      const fixed = fixRepository(
        { root: '', files: [{ file: '.github/workflows/a.yml', text }] },
        { ...options, rules: [broken(replacement)] },
        'safe',
      );
      expect(fixed.changed.size).toBe(0);
      expect(fixed.outcomes[0]?.refused).toMatch(reason);
    }
  });
});

describe('a file', () => {
  it('is replaced as a whole, with its mode, and nothing is left beside it', () => {
    const file = join(folder, 'a.yml');
    writeFileSync(file, 'old', { mode: 0o640 });
    expect(replaceFile(file, 'old', 'new')).toBe(true);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new', 0o640]);
    expect(readdirSync(folder)).toEqual(['a.yml']);
  });

  it('that changed meanwhile is left alone', () => {
    const file = join(folder, 'b.yml');
    writeFileSync(file, 'theirs');
    expect(replaceFile(file, 'ours', 'new')).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe('theirs');
  });
});

describe('a diff', () => {
  it('has hunks with context', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const after = before.with(10, 'changed').toSpliced(2, 0, 'new');
    expect(formatUnifiedDiff('f', `${before.join('\n')}\n`, `${after.join('\n')}\n`)).toBe(`--- a/f
+++ b/f
@@ -1,5 +1,6 @@
 line 0
 line 1
+new
 line 2
 line 3
 line 4
@@ -8,7 +9,7 @@
 line 7
 line 8
 line 9
-line 10
+changed
 line 11
 line 12
 line 13
`);
  });

  it('is empty for what is the same', () => {
    expect(formatUnifiedDiff('f', 'a', 'a')).toBe('');
  });
});
