/** Moves over white space, line breaks and comments; js-yaml's events do not say where punctuation stands. */
function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9 || code === 10 || code === 13) at += 1;
    else if (code === 35 && /\s/.test(text.charAt(at - 1) || ' ')) {
      const lineEnd = text.indexOf('\n', at);
      at = lineEnd === -1 ? text.length : lineEnd;
    } else return at;
  }
}

/** The `|` or `>` of the block scalar that follows; between here and there stand only `:`, `-`, `?` and space. */
export function findBlockIndicator(text: string, from: number): number {
  let at = skipSpace(text, from);
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 124 || code === 62) return at;
    at = skipSpace(text, at + 1);
  }
  return from;
}

/** Behind the `]` or `}` that closes a flow collection whose content ends here. */
export function findFlowEnd(text: string, from: number): number {
  let at = skipSpace(text, from);
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 93 || code === 125) return at + 1;
    // A missing value leaves its `:` behind, a last item its `,`.
    if (code !== 44 && code !== 58) return from;
    at = skipSpace(text, at + 1);
  }
  return from;
}

/** The end of the last line of a block scalar that is not blank, without its line break. */
export function trimBlankLines(text: string, start: number, end: number): number {
  let at = end;
  while (at > start + 1 && /\s/.test(text.charAt(at - 1))) at -= 1;
  return at;
}
