/**
 * Whether a pattern covers `owner/name/path@ref`. `*` covers everything, `owner/*` all of an owner, `owner/name/*` a
 * repository with all in it, anything else one action; with `@ref` only that ref. Names have no case, refs do.
 */
export function matchesActionPattern(pattern: string, uses: string): boolean {
  const [name, ref] = splitRef(uses);
  const [wanted, wantedRef] = splitRef(pattern);
  if (wantedRef !== undefined && wantedRef !== ref) return false;
  return wanted.endsWith('*') ? `${name}/`.startsWith(wanted.slice(0, -1)) : name === wanted;
}

function splitRef(text: string): [name: string, ref: string | undefined] {
  const at = text.lastIndexOf('@');
  return at === -1 ? [text.toLowerCase(), undefined] : [text.slice(0, at).toLowerCase(), text.slice(at + 1)];
}

/** What stands for something: `*` at the end, after a `/` or alone. */
export const ACTION_PATTERN =
  /^(?:\*|[\w.-]{1,100}\/(?:\*|[\w.-]{1,100}(?:\/(?:\*|[\w./-]{1,300}))?(?:@\S{1,200})?))$/;
