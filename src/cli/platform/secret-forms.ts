import { MASKED_CHARS_MIN, maskableLines } from './log-masking.ts';

/** A form shorter than this would hit ordinary words of the log. Values of six bytes and more are always covered. */
const FORM_CHARS_MIN = 6;

/**
 * The characters of base64 that depend on the value alone when it stands after `offset` bytes of something
 * else: an `Authorization: Basic` header holds `user:password`, and so the password at any of three offsets.
 */
function base64Core(value: Buffer, offset: 0 | 1 | 2): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), value]).toString('base64');
  const bits = (offset + value.length) * 8;
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
}

function encodedForms(line: string): string[] {
  const bytes = Buffer.from(line, 'utf8');
  const cores = ([0, 1, 2] as const).map((offset) => base64Core(bytes, offset));
  const urlEncoded = line.replace(/[^A-Za-z0-9]/gu, percent);
  return [
    ...cores,
    ...cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    encodeURIComponent(line.toWellFormed()),
    // Tools differ in what they leave alone, and in the case of the digits.
    urlEncoded,
    urlEncoded.replace(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase()),
    new URLSearchParams([['', line]]).toString().slice(1),
    JSON.stringify(line).slice(1, -1),
    bytes.toString('hex'),
  ];
}

function percent(char: string): string {
  return [...Buffer.from(char, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/** All the texts under which the values could show up in a log, the values' lines among them. */
export function secretForms(values: readonly string[]): string[] {
  const lines = maskableLines(values);
  const encoded = [...lines, ...values].flatMap((value) =>
    value.length < MASKED_CHARS_MIN ? [] : encodedForms(value),
  );
  return [...new Set([...lines, ...encoded.filter((form) => form.length >= FORM_CHARS_MIN)])];
}
