import type { RuleMatch } from '../compiled-rule.ts';
import type { SecretTier } from '../rule.ts';
import { isPlausibleValue } from './plausible-value.ts';

const NAME_BYTES_MAX = 32;
const SIGN_BYTES_MAX = 12;

function isNameByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === 0x2d ||
    byte === 0x2e
  );
}

/** Quotes, brackets and blanks between a name and the sign behind it. */
const BETWEEN = new Set(Buffer.from('"\'`] \t'));
/** `=`, `:`, `,` and `(`: most words like “token” in a source file have none of them behind. */
const SIGNS = new Set(Buffer.from('=:,('));

/** Whether a sign of assignment stands behind a keyword, in bytes: an expression would cost ten times as much. */
export function leadsToValue(bytes: Buffer, _start: number, end: number): boolean {
  let at = end;
  const nameEnd = Math.min(bytes.length, end + NAME_BYTES_MAX);
  while (at < nameEnd && isNameByte(bytes[at] ?? 0)) at += 1;
  const signEnd = Math.min(bytes.length, at + SIGN_BYTES_MAX);
  while (at < signEnd && BETWEEN.has(bytes[at] ?? 0)) at += 1;
  return SIGNS.has(bytes[at] ?? 0);
}

/** Files in which a value stands without quotes; in a program that would be a name. */
const PLAIN =
  /(?:^|[./])(?:env|ini|cfg|conf|config|cnf|properties|ya?ml|toml|sh|bash|zsh|fish|ps1|bat|cmd|tfvars|txt|netrc|npmrc|pypirc|pgpass|htpasswd|credentials|dockerfile|compose|service|plist)(?:\.[\w-]{1,20})?$/i;
/** What a name says when its value is a place, a name or a setting rather than a secret. */
const HARMLESS_NAME =
  /(?:_|-|\.)?(?:id|ids|url|uri|path|file|filename|name|type|length|size|count|field|header|param|prefix|suffix|format|expires?(?:_?in|_?at)?|ttl|timeout|age|policy|algorithm|alg|version|label|hint|message|error|regex|pattern|provider|issuer|scope|endpoint|class|style|color|icon|kind|status|enabled|required|ref|arn|index|store|manager|reset|column)s?["'`\]]{0,2}$/i;

/** Letters that a program writes around names, and nobody in a secret. */
function isCode(value: string): boolean {
  return /[()[\]{};]|=>|::|&&|\|\|/.test(value);
}

/** A pattern that describes secrets is none. */
const EXPRESSION = /\[[^\]\s]{1,40}\][{*+?]|\\[dws.]|\(\?/;

/** Whether the sign between name and value assigns: a call is taken for `password(…)`, a list only between quotes. */
function assigns(before: string): boolean {
  const sign = /(=>|:=|={1,3}|:|,|\()[ \t]{0,8}["'\x60]?$/.exec(before);
  if (sign?.[1] === '(') return /^(?:passw|pwd)/i.test(before);
  return sign?.[1] !== ',' || /["'\x60][ \t]{0,8}$/.test(before.slice(0, sign.index));
}

export function judgeAssignment({ text, value, file }: RuleMatch): SecretTier | undefined {
  const at = text.lastIndexOf(value);
  const before = text.slice(0, at);
  if (!assigns(before) || EXPRESSION.test(value)) return undefined;
  // Between commas stand the words of a list more often than a name and its value.
  if (/,[ \t]{0,8}["'\x60]$/.test(before) && (!/\d/.test(value) || value.includes('/'))) return undefined;
  const quoted = /["'`]$/.test(before);
  if (!quoted && (!PLAIN.test(file) || isCode(value))) return undefined;
  const name = /^[\w.-]{0,60}["'`\]]{0,2}/.exec(text)?.[0] ?? '';
  if (HARMLESS_NAME.test(name)) return undefined;
  // `"token": "token"`, `password = password`: a name for itself.
  if (value.toLowerCase() === name.replace(/["'`\]]+$/, '').toLowerCase()) return undefined;
  return isPlausibleValue(value) && !/\s/.test(value) ? 'generic' : undefined;
}
