type Token =
  | { readonly kind: 'character'; readonly character: string }
  /** `?`: one character of a name. */
  | { readonly kind: 'one' }
  /** `*`: any part of one name. */
  | { readonly kind: 'name' }
  /** `**` with a slash behind: any number of folders, or none. */
  | { readonly kind: 'folders' }
  /** `**` at the end: everything. */
  | { readonly kind: 'rest' };

function tokenize(glob: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob.charAt(at);
    if (character === '?') tokens.push({ kind: 'one' });
    else if (character !== '*') tokens.push({ kind: 'character', character });
    else if (glob.charAt(at + 1) !== '*') tokens.push({ kind: 'name' });
    else {
      const hasSlash = glob.charAt(at + 2) === '/';
      tokens.push({ kind: hasSlash ? 'folders' : 'rest' });
      at += hasSlash ? 2 : 1;
    }
  }
  return tokens;
}

/**
 * Whether a glob of `*`, `**` and `?` fits the whole text. Names of files and branches are chosen by strangers: it
 * takes time in proportion to both lengths, never more, which a regular expression of several stars does not promise.
 */
export function matchesGlob(text: string, glob: string): boolean {
  // For the tokens behind the one that is looked at: does the text from each place on fit?
  let behind: boolean[] = Array.from({ length: text.length + 1 }, (_, at) => at === text.length);
  for (const token of tokenize(glob).toReversed()) {
    const fits: boolean[] = Array.from({ length: text.length + 1 }, () => false);
    for (let at = text.length; at >= 0; at -= 1) fits[at] = fitsAt(token, text, at, fits, behind);
    behind = fits;
  }
  return behind[0] === true;
}

function fitsAt(
  token: Token,
  text: string,
  at: number,
  fits: readonly boolean[],
  behind: readonly boolean[],
): boolean {
  const character = text.charAt(at);
  const isEnd = at === text.length;
  switch (token.kind) {
    case 'character':
      return character === token.character && behind[at + 1] === true;
    case 'one':
      return !isEnd && character !== '/' && behind[at + 1] === true;
    case 'name':
      return behind[at] === true || (!isEnd && character !== '/' && fits[at + 1] === true);
    case 'rest':
      return behind[at] === true || (!isEnd && fits[at + 1] === true);
    case 'folders':
      break;
  }
  const beginsName = at === 0 || text.charAt(at - 1) === '/';
  return (beginsName && behind[at] === true) || (!isEnd && fits[at + 1] === true);
}
