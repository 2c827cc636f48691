const CONTEXT_LINES = 3;

interface Change {
  /** Index of the first line that differs, in the old and in the new text. */
  readonly oldAt: number;
  readonly newAt: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** How far a line is looked for before it counts as gone: fixes change a few lines at a time. */
const SEARCH_LINES_MAX = 200;

/** The next pair of equal lines, nearest first. */
function findMeeting(
  old: readonly string[],
  now: readonly string[],
  at: number,
  to: number,
): [number, number] {
  for (let distance = 1; distance <= SEARCH_LINES_MAX; distance += 1) {
    for (let back = 0; back <= distance; back += 1) {
      const [i, j] = [at + distance - back, to + back];
      if (i < old.length && j < now.length && old[i] === now[j]) return [i, j];
    }
  }
  return [old.length, now.length];
}

function findChanges(old: readonly string[], now: readonly string[]): Change[] {
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const [nextOld, nextNew] = findMeeting(old, now, i, j);
    changes.push({ oldAt: i, newAt: j, removed: old.slice(i, nextOld), added: now.slice(j, nextNew) });
    [i, j] = [nextOld, nextNew];
  }
  return changes;
}

/** Changes whose context would touch stand in one hunk. */
function groupChanges(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const last = groups.at(-1)?.at(-1);
    const near = last !== undefined && change.oldAt - (last.oldAt + last.removed.length) <= 2 * CONTEXT_LINES;
    if (near) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups;
}

function renderHunk(group: readonly Change[], old: readonly string[]): string[] {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return [];
  const start = Math.max(0, first.oldAt - CONTEXT_LINES);
  const end = Math.min(old.length, last.oldAt + last.removed.length + CONTEXT_LINES);
  const lines: string[] = [];
  let at = start;
  for (const { oldAt, removed, added } of group) {
    lines.push(...old.slice(at, oldAt).map((line) => ` ${line}`));
    lines.push(...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`));
    at = oldAt + removed.length;
  }
  lines.push(...old.slice(at, end).map((line) => ` ${line}`));
  const grown = group.reduce((sum, { added, removed }) => sum + added.length - removed.length, 0);
  const newStart = start + first.newAt - first.oldAt;
  const range = (from: number, count: number) => `${count === 0 ? from : from + 1},${count}`;
  return [`@@ -${range(start, end - start)} +${range(newStart, end - start + grown)} @@`, ...lines];
}

function splitLines(text: string): string[] {
  const lines = text.split('\n');
  // A last line without a line break is marked as `diff` does it, so that the patch applies.
  if (lines.at(-1) === '') lines.pop();
  else lines.push(`${lines.pop() ?? ''}\n\\ No newline at end of file`);
  return lines;
}

/** A patch that `git apply` takes; empty when nothing changed. */
export function formatUnifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const [old, now] = [splitLines(before), splitLines(after)];
  const hunks = groupChanges(findChanges(old, now)).flatMap((group) => renderHunk(group, old));
  return [`--- a/${file}`, `+++ b/${file}`, ...hunks, ''].join('\n');
}
