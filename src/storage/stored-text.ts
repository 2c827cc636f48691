/**
 * Any JavaScript string as text that every store can hold, and back. PostgreSQL refuses NUL, and a lone
 * surrogate has no UTF-8 form, so both would change or fail a write that a hostile claim can reach; they and
 * the escape character itself are written as `\` and four hex digits. Ordinary text stays as it is.
 */
export function toStoredText(text: string): string {
  if (text.isWellFormed() && !text.includes('\0') && !text.includes('\\')) return text;
  return text.replaceAll(
    /[\\\0\p{Surrogate}]/gu,
    (character) => `\\${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The inverse of {@link toStoredText}. */
export function fromStoredText(stored: string): string {
  if (!stored.includes('\\')) return stored;
  return stored.replaceAll(/\\([0-9a-f]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
