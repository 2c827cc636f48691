/** Words that people write where a secret would stand. */
const WORDS =
  /example|placeholder|change_?me|dummy|sample|redacted|your[_-]|[_-]here|insert|xxxx|\*{3}|\.\.\.|…|<[a-z_ -]{2,40}>|fake|not[_-]?a[_-]?real|deadbeef|0123456789abcdef/i;
/** Letters or digits that follow each other, or stay the same, are typed and not drawn. */
const RUN = /(.)\1{6}|01234567|12345678|87654321|abcdefg|qwerty/i;
const SAMPLE_CHARS = 20;
const DISTINCT_MIN = 8;

/** Documentation and tests are full of values that only look like a secret. */
export function isMadeUp(value: string): boolean {
  const body = value.length > 4_000 ? value.slice(0, 4_000) : value;
  if (body.startsWith('-----BEGIN')) return false;
  if (WORDS.test(body) || RUN.test(body)) return true;
  if (value.length < SAMPLE_CHARS) return false;
  return new Set(value.slice(-SAMPLE_CHARS)).size < DISTINCT_MIN;
}
