const COMMENT_CHARS_MAX = 120;

/** A string literal of the Cedar language. Everything outside printable ASCII and letters is escaped. */
export function quoteCedar(text: string): string {
  const escaped = text.toWellFormed().replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]|["\\]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return `"${escaped}"`;
}

/**
 * Text that can stand in a `//` comment. A project's name is chosen by its owner: a line break in it would
 * end the comment and what follows would be policy; a bidirectional override would hide it from a reviewer.
 */
export function commentText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?')
    .slice(0, COMMENT_CHARS_MAX);
}
