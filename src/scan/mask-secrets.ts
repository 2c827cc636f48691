import { mayHoldToken, tokenShapes } from './token-shapes.ts';

const SHOWN_CHARS = 4;
/** A line that is nothing but base64, as inside a private key. */
const KEY_LINE = /^\s*[A-Za-z0-9+/]{40,}={0,2}\s*$/;
const PASSWORD_LINE = /^(\s*(?:-\s*)?["']?[\w-]*passw(?:or)?d["']?\s*[:=]\s*)(\S.*)$/i;

/** `UPLOAD_TOKEN: value` among the variables of a pipeline; what holds another variable is no secret itself. */
const VARIABLE_LINE =
  /^(\s*["']?[A-Z][A-Z0-9_]{0,80}(?:SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY|PASSPHRASE)["']?\s*[:=]\s*)(\S{12,})$/;

function stars(text: string, shown: number): string {
  return text.slice(0, shown) + '*'.repeat(Math.max(0, text.length - shown));
}

/**
 * A line as a report may show it: reports are kept, mailed and posted, and a secret that stands in a file must
 * not be copied there. Of the same length, so that carets still point to the right place. `withTokens` is false when
 * the whole text is known to hold none of a known form.
 */
export function maskSecrets(line: string, withTokens = mayHoldToken(line)): string {
  if (KEY_LINE.test(line)) return stars(line, line.length - line.trimStart().length);
  let masked = line;
  for (const { pattern } of withTokens ? tokenShapes : []) {
    masked = masked.replaceAll(pattern, (match) => stars(match, SHOWN_CHARS));
  }
  const hide = (whole: string, key: string, value: string) =>
    value.includes('$') ? whole : key + stars(value, 0);
  return masked.replace(PASSWORD_LINE, hide).replace(VARIABLE_LINE, hide);
}
