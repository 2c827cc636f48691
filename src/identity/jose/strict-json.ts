import { isUtf8 } from 'node:buffer';

export type JsonObject = Readonly<Record<string, unknown>>;
export type StrictJsonFault = 'malformed' | 'duplicate_member' | 'too_deep';
export type StrictJson =
  | { ok: true; value: JsonObject }
  | { ok: false; fault: StrictJsonFault; member?: string };

/** For values that `JSON.parse` made: neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const DEPTH_MAX = 16;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

interface Scan {
  text: string;
  /** One set of seen names for each open object, undefined for an open array. */
  open: (Set<string> | undefined)[];
  fault: StrictJsonFault | undefined;
  member: string | undefined;
}

/**
 * Parses a JSON object and refuses what `JSON.parse` lets through and two readers may read differently: a
 * member that comes twice (the first or the last one counts, depending on the library: RFC 8725 §2.4 calls for
 * refusal), `__proto__`, lone surrogates, bytes that are not UTF-8, nesting beyond 16.
 */
export function parseStrictObject(bytes: Uint8Array): StrictJson {
  if (!isUtf8(bytes)) return { ok: false, fault: 'malformed' };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const value = parseObject(text);
  // Tokens of platforms have no escapes; then a name that was written twice is one that was counted twice.
  if (value !== undefined && !text.includes('\\') && !text.includes('__proto__')) {
    if (countMembers(value, 1) === countWrittenMembers(text)) return { ok: true, value };
  }
  return parseSlowly(text, value);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Members that are left after parsing; NaN beyond the depth, which equals no count. */
function countMembers(value: object, depth: number): number {
  if (depth > DEPTH_MAX) return Number.NaN;
  let count = 0;
  const isList = Array.isArray(value);
  for (const member of Object.values(value)) {
    if (!isList) count += 1;
    if (typeof member === 'object' && member !== null) count += countMembers(member, depth + 1);
  }
  return count;
}

/** Strings that a colon follows, in JSON without escapes. */
function countWrittenMembers(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = text.indexOf('"', start + 1);
    if (isFollowedByColon(text, end + 1)) count += 1;
    start = text.indexOf('"', end + 1);
  }
  return count;
}

/** Finds out what is wrong, and decides where names have to be compared one by one. */
function parseSlowly(text: string, value: JsonObject | undefined): StrictJson {
  const scan: Scan = { text, open: [], fault: undefined, member: undefined };
  scanStructure(scan);
  const { fault, member } = scan;
  if (fault !== undefined) return member === undefined ? { ok: false, fault } : { ok: false, fault, member };
  return value === undefined ? { ok: false, fault: 'malformed' } : { ok: true, value };
}

/**
 * One pass over the structure. It trusts the grammar to `JSON.parse`: on text that is not JSON it may find
 * anything, on JSON it finds every member.
 */
function scanStructure(scan: Scan): void {
  const { text, open } = scan;
  for (let index = 0; index < text.length && scan.fault === undefined; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = scanString(scan, index);
        break;
      case 0x7b: // {
        open.push(new Set());
        if (open.length > DEPTH_MAX) scan.fault = 'too_deep';
        break;
      case 0x5b: // [
        open.push(undefined);
        if (open.length > DEPTH_MAX) scan.fault = 'too_deep';
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        break;
      default:
    }
  }
}

/** Reads the string that starts at `start`; returns the index of its closing quote. */
function scanString(scan: Scan, start: number): number {
  const { text } = scan;
  const end = endOfEscaped(text, start);
  const value = unescape(text.slice(start, end + 1));
  if (value === undefined) scan.fault = 'malformed';
  else if (isFollowedByColon(text, end + 1)) noteMember(scan, value);
  return end;
}

function endOfEscaped(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === QUOTE) break;
    if (code === BACKSLASH) end += 1;
  }
  return end;
}

/** Two spellings of one name (`"aud"`, `"\u0061ud"`) are one name. Undefined when not well-formed Unicode. */
function unescape(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' && value.isWellFormed() ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFollowedByColon(text: string, from: number): boolean {
  let index = from;
  let code = text.charCodeAt(index);
  while (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) {
    index += 1;
    code = text.charCodeAt(index);
  }
  return code === COLON;
}

function noteMember(scan: Scan, name: string): void {
  const names = scan.open.at(-1);
  if (names === undefined) return;
  if (name === '__proto__') scan.fault = 'malformed';
  if (names.has(name)) {
    scan.fault = 'duplicate_member';
    scan.member = name;
  }
  names.add(name);
}
