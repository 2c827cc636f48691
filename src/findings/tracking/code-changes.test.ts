import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { mapLine, parseGitDiff } from './code-changes.ts';

const DIFF = `diff --git a/src/a.ts b/src/a.ts
index 1..2 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -2,0 +3,2 @@ context
+new
+new
@@ -10,3 +13,1 @@
-one
--- a/not/a/file
-three
+one
@@ -20 +20,0 @@
-gone
diff --git a/old name.ts "b/na\\303\\257ve.ts"
similarity index 90%
rename from old name.ts
rename to "na\\303\\257ve.ts"
--- a/old name.ts
+++ "b/na\\303\\257ve.ts"
@@ -1 +1 @@
-a
+b
`;

describe('a diff of git', () => {
  const { renames, hunks } = parseGitDiff(DIFF);

  it('names what was renamed, also with letters that git escapes', () => {
    expect([...renames]).toEqual([['old name.ts', 'naïve.ts']]);
  });

  it('is not misled by content that looks like a header', () => {
    expect([...hunks.keys()]).toEqual(['src/a.ts', 'old name.ts']);
    expect(hunks.get('src/a.ts')).toHaveLength(3);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 5],
    [9, 11],
    [10, undefined],
    [12, undefined],
    [13, 14],
    [19, 20],
    [20, undefined],
    [21, 21],
  ])('says where line %i is now: %s', (before, after) => {
    expect(mapLine(hunks.get('src/a.ts'), before)).toBe(after);
  });

  it('leaves lines of other files where they are', () => {
    expect(mapLine(hunks.get('src/b.ts'), 7)).toBe(7);
  });

  it('maps every line that stayed to where its text is, for any edit', () => {
    const edits = fc.array(fc.constantFrom('keep', 'cut', 'add'), { maxLength: 40 });
    fc.assert(
      fc.property(edits, (steps) => {
        const { diff, expected } = edit(steps);
        const made = parseGitDiff(diff).hunks.get('f');
        for (const [before, after] of expected) expect(mapLine(made, before)).toBe(after);
      }),
    );
  });

  it('never throws, whatever is called a diff', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) => void parseGitDiff(`rename from a\n${any}`)),
    );
    const started = threadMs();
    parseGitDiff(`rename from "${'\\3'.repeat(400_000)}\n--- "${'\\'.repeat(400_000)}`);
    parseGitDiff('@'.repeat(1_000_000));
    expect(threadMs() - started).toBeLessThan(2_000);
  });
});

/** A diff without context of an edit, and where each old line went, worked out step by step. */
function edit(steps: readonly string[]) {
  const expected: [number, number | undefined][] = [];
  const lines = ['diff --git a/f b/f', '--- a/f', '+++ b/f'];
  let [before, after] = [0, 0];
  let [cut, added] = [0, 0];
  const flush = () => {
    if (cut + added === 0) return;
    const oldStart = cut === 0 ? before : before - cut + 1;
    const newStart = added === 0 ? after : after - added + 1;
    lines.push(`@@ -${oldStart},${cut} +${newStart},${added} @@`);
    for (let each = 0; each < cut; each += 1) lines.push('-x');
    for (let each = 0; each < added; each += 1) lines.push('+x');
    [cut, added] = [0, 0];
  };
  for (const step of steps) {
    if (step === 'keep') flush();
    if (step !== 'add') before += 1;
    if (step !== 'cut') after += 1;
    if (step === 'cut') cut += 1;
    if (step === 'add') added += 1;
    if (step !== 'add') expected.push([before, step === 'keep' ? after : undefined]);
  }
  flush();
  return { diff: lines.join('\n'), expected };
}
