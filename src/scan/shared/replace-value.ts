import type { Variable } from '#pipeline/model.ts';
import type { FixDraft } from '../rule.ts';

/** Puts another word in the place of a value; undefined where the value is shared with other places. */
export function replaceValueFix(
  variable: Variable,
  replacement: string,
  title: string,
): FixDraft | undefined {
  const { node } = variable;
  if (node.kind !== 'scalar' || node.anchor !== undefined || node.tag !== undefined) return undefined;
  return { title, safety: 'safe', edits: [{ start: node.start, end: node.end, replacement }] };
}
