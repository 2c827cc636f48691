/** As long as a text of a {@link WorkloadIdentity} may be. */
export const CLAIM_CHARS_MAX = 2_000;

// C0, DEL, C1 and the two line separators: what could forge a line of a log or act on a terminal.
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Undefined when the text may stand in an identity; else what is wrong with it. */
export function faultOfText(text: string): string | undefined {
  if (text.length > CLAIM_CHARS_MAX) return `text of at most ${CLAIM_CHARS_MAX} characters`;
  if (CONTROL.test(text)) return 'text without control characters';
  return text.isWellFormed() ? undefined : 'well-formed Unicode text';
}
