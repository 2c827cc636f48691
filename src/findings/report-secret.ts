const REDACTED = '[redacted]';
/** Shorter ones stand in ordinary words too, and would tell nothing. */
const SECRET_CHARS_MIN = 4;
const LINE_CHARS_MIN = 8;
const LINES_MAX = 60;
/** One finding shows one secret; a list of thousands would take for ever to look for. */
const SPELLINGS_MAX = 300;
const TEXT_CHARS_MAX = 40_000;

export type Redactor = (text: string | undefined) => string | undefined;

/** The secret as it stands in other spellings: its lines alone, inside JSON, inside an address. */
function* spellings(secret: string): Generator<string> {
  yield secret;
  yield secret.trim();
  yield JSON.stringify(secret).slice(1, -1);
  try {
    yield encodeURIComponent(secret);
  } catch {
    // A lone surrogate has no such spelling.
  }
  for (const line of secret.split('\n', LINES_MAX))
    if (line.trim().length >= LINE_CHARS_MIN) yield line.trim();
}

/** Takes secrets that a report shows out of its other texts: titles and descriptions of some tools repeat them. */
export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const known = new Set(secrets.flatMap((secret) => (secret === undefined ? [] : [...spellings(secret)])));
  // Longest first: a line of a key must not break the key before it is found as a whole.
  const ordered = [...known]
    .filter((secret) => secret.length >= SECRET_CHARS_MIN)
    .sort((left, right) => right.length - left.length);
  if (ordered.length > SPELLINGS_MAX) return () => undefined;
  return (text) =>
    text === undefined
      ? undefined
      : ordered.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text.slice(0, TEXT_CHARS_MAX));
}
