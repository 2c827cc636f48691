/** What git says between two commits: which files were renamed, and where lines went. */
export interface CodeChanges {
  /** Old name → new name, from git's own rename detection. */
  readonly renames: ReadonlyMap<string, string>;
  /** Hunks by the old name of their file, in the order of their lines. */
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
}

/** `@@ -oldStart,oldLines +newStart,newLines @@` of a diff without context. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
}

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
};
const FILES_MAX = 100_000;
const HUNKS_MAX = 1_000_000;

/** A name as git quotes it (`core.quotePath`): `"a/na\303\257ve.ts"`. */
function unquote(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"') || name.length < 2) return name.replace(/\t$/, '');
  const bytes = name
    .slice(1, -1)
    .split(/(\\[0-3][0-7]{2}|\\.)/)
    .map((piece) => {
      if (!piece.startsWith('\\')) return Buffer.from(piece);
      if (piece.length === 4) return Buffer.from([Number.parseInt(piece.slice(1), 8)]);
      return Buffer.from(ESCAPES[piece.charAt(1)] ?? piece.charAt(1));
    });
  return Buffer.concat(bytes).toString('utf8');
}

function withoutSide(name: string): string {
  const plain = unquote(name);
  return /^[ab]\//.test(plain) ? plain.slice(2) : plain;
}

/**
 * Reads `git diff --unified=0 --find-renames OLD NEW`. Lines that are no part of such a diff are passed over; what
 * is beyond 100,000 files or a million hunks is left out, and those findings are matched by their text alone.
 */
export function parseGitDiff(diff: string): CodeChanges {
  const renames = new Map<string, string>();
  const hunks = new Map<string, Hunk[]>();
  let oldFile: string | undefined;
  let renamedFrom: string | undefined;
  // Within a hunk this many lines are content, which may look like anything.
  let content = 0;
  let count = 0;
  for (const line of linesOf(diff)) {
    if (content > 0 && /^[-+]/.test(line)) content -= 1;
    else if (line.startsWith('diff --git ')) [oldFile, renamedFrom, content] = [undefined, undefined, 0];
    else if (line.startsWith('rename from ')) renamedFrom = unquote(line.slice(12));
    else if (line.startsWith('rename to ') && renamedFrom !== undefined && renames.size < FILES_MAX) {
      renames.set(renamedFrom, unquote(line.slice(10)));
    } else if (line.startsWith('--- ')) oldFile = withoutSide(line.slice(4));
    else {
      const hunk = readHunk(line);
      if (hunk === undefined || oldFile === undefined || count >= HUNKS_MAX) continue;
      content = hunk.oldLines + hunk.newLines;
      count += 1;
      const known = hunks.get(oldFile);
      if (known === undefined) hunks.set(oldFile, [hunk]);
      else known.push(hunk);
    }
  }
  return { renames, hunks };
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end < 0 ? undefined : end);
    if (end < 0) return;
    start = end + 1;
  }
}

function readHunk(line: string): Hunk | undefined {
  const match = HUNK.exec(line.slice(0, 80));
  if (match === null) return undefined;
  const [, oldStart, oldLines = '1', newStart, newLines = '1'] = match;
  return {
    oldStart: Number(oldStart),
    oldLines: Number(oldLines),
    newStart: Number(newStart),
    newLines: Number(newLines),
  };
}

/** Where a line of the old file is now; undefined when it was taken out or rewritten. */
export function mapLine(hunks: readonly Hunk[] = [], line: number): number | undefined {
  const before = countHunksUpTo(hunks, line);
  const last = hunks[before - 1];
  // What was put in behind this very line (`-12,0`) does not move it.
  const hunk = last?.oldLines === 0 && last.oldStart === line ? hunks[before - 2] : last;
  if (hunk === undefined) return line;
  if (line < hunk.oldStart + hunk.oldLines) return undefined;
  // A side without lines names the line before it.
  const oldEnd = hunk.oldStart + hunk.oldLines + (hunk.oldLines === 0 ? 1 : 0);
  const newEnd = hunk.newStart + hunk.newLines + (hunk.newLines === 0 ? 1 : 0);
  return line - oldEnd + newEnd;
}

function countHunksUpTo(hunks: readonly Hunk[], line: number): number {
  let low = 0;
  let high = hunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hunks[middle]?.oldStart ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return low;
}
