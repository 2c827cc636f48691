import type { Edit } from '#findings/finding.ts';

/** A change of text, without its file. */
export type TextEdit = Pick<Edit, 'start' | 'end' | 'replacement'>;

/** Whether two edits want the same place; two insertions at one point have no order, so they do. */
export function overlaps(left: TextEdit, right: TextEdit): boolean {
  if (left.start === right.start) return true;
  return left.start < right.end && right.start < left.end;
}

/** Applies edits that do not overlap. Everything between them stays as it is, to the byte. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((left, right) => left.start - right.start);
  let result = '';
  let at = 0;
  for (const { start, end, replacement } of ordered) {
    if (start < at || end < start || end > text.length)
      throw new RangeError('edits overlap or leave the text');
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

/** Where the replacements stand in the new text. */
export function replacedRanges(edits: readonly TextEdit[]): { start: number; end: number }[] {
  let shift = 0;
  return edits
    .toSorted((left, right) => left.start - right.start)
    .map(({ start, end, replacement }) => {
      const from = start + shift;
      shift += replacement.length - (end - start);
      return { start: from, end: from + replacement.length };
    });
}
