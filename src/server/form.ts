const PARAMETERS_MAX = 32;
const NAME_CHARS_MAX = 128;
// Tab and line breaks are no part of any parameter that we take, and NUL ends strings elsewhere.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;
const NOT_ENCODED = /[^!-~]/;

export type FormFault =
  | 'too_many_parameters'
  | 'name_invalid'
  | 'encoding_invalid'
  | 'control_character'
  | 'not_ascii';

export type Form =
  | {
      ok: true;
      parameters: ReadonlyMap<string, string>;
      /** Names that came more than once; the first value stays in `parameters`. */
      repeated: ReadonlySet<string>;
    }
  | { ok: false; fault: FormFault };

const NOTHING: ReadonlySet<string> = new Set();

/** One encoded piece, or undefined when its percent-encoding or its UTF-8 is broken. */
function decodePiece(piece: string): string | undefined {
  const spaced = piece.includes('+') ? piece.replaceAll('+', ' ') : piece;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}

/** What was not encoded is printable already: a token, by far the longest value, is looked at once. */
function hidesControl(raw: string, decoded: string): boolean {
  return raw !== decoded && CONTROL.test(decoded);
}

/**
 * Parses `application/x-www-form-urlencoded` and refuses whatever two parsers might read differently: repeated
 * names, broken percent-encoding, invalid UTF-8, bytes that should have been encoded, control characters.
 * The platform's own parser accepts all of those.
 */
export function parseForm(text: string): Form {
  const parameters = new Map<string, string>();
  let repeated: Set<string> | undefined;
  if (NOT_ENCODED.test(text)) return { ok: false, fault: 'not_ascii' };
  let count = 0;
  let start = 0;
  while (start < text.length) {
    const ampersand = text.indexOf('&', start);
    const end = ampersand === -1 ? text.length : ampersand;
    if (end > start) {
      count += 1;
      if (count > PARAMETERS_MAX) return { ok: false, fault: 'too_many_parameters' };
      const equals = text.indexOf('=', start);
      const split = equals === -1 || equals > end ? end : equals;
      const rawName = text.slice(start, split);
      const rawValue = text.slice(Math.min(split + 1, end), end);
      const name = decodePiece(rawName);
      const value = decodePiece(rawValue);
      if (name === undefined || value === undefined) return { ok: false, fault: 'encoding_invalid' };
      if (name === '' || name.length > NAME_CHARS_MAX) return { ok: false, fault: 'name_invalid' };
      if (hidesControl(rawName, name) || hidesControl(rawValue, value))
        return { ok: false, fault: 'control_character' };
      if (parameters.has(name)) (repeated ??= new Set()).add(name);
      else parameters.set(name, value);
    }
    start = end + 1;
  }
  return { ok: true, parameters, repeated: repeated ?? NOTHING };
}

export const FORM_FAULTS: Readonly<Record<FormFault, string>> = {
  too_many_parameters: `There are more than ${PARAMETERS_MAX} parameters.`,
  name_invalid: `A parameter has no name, or one of more than ${NAME_CHARS_MAX} characters.`,
  encoding_invalid: 'The percent-encoding, or the UTF-8 in it, is invalid.',
  control_character: 'A parameter contains a control character.',
  not_ascii: 'There are bytes that must be percent-encoded.',
};
