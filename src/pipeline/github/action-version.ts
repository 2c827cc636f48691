import type { ActionUse } from '../model.ts';
import type { SourceText, Span } from '../source.ts';

/** The comment behind a reference on its line; pinning tools keep the version there. */
export function findTrailingComment(
  source: SourceText,
  at: number,
): (Span & { readonly text: string }) | undefined {
  const lineEnd = source.text.indexOf('\n', at);
  const rest = source.text.slice(at, lineEnd === -1 ? source.text.length : lineEnd).replace(/\r$/, '');
  const match = /^(\s*)#\s*(.*)$/.exec(rest);
  if (match === null) return undefined;
  return { start: at + (match[1]?.length ?? 0), end: at + rest.length, text: match[2]?.trim() ?? '' };
}

/** The major version that a use names, in its ref or in the comment behind a commit; undefined when neither does. */
export function majorVersionOf(use: ActionUse): number | undefined {
  const { ref, pin } = use.reference;
  const comment = pin === 'commit' ? findTrailingComment(use.text.source, use.text.node.end)?.text : ref;
  const match = /(?:^|[^0-9.])v?(\d+)(?:\.\d+)*(?:\s|$|-)/.exec(comment ?? '');
  return match === null ? undefined : Number(match[1]);
}
