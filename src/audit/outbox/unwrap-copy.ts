import { readPlace } from '../mapping/document.ts';

const DEPTH_MAX = 5;
/** Between structured data and message; a parameter may hold the same. */
const HEAD_END = '] {';
const TRIES_MAX = 8;
/** Where receivers and their exports keep what they were sent. */
const WRAPPINGS = [
  '_source',
  'result',
  '_raw',
  'document',
  'attributes',
  'content',
  'event',
  'body',
  'stringValue',
  'fields',
  'message',
  'msg',
  'MESSAGE',
] as const;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON, or JSON behind the head of a syslog message. */
function parseText(text: string): unknown {
  const whole = parse(text);
  if (whole !== undefined) return whole;
  let start = text.indexOf(HEAD_END);
  for (let tries = 0; start >= 0 && tries < TRIES_MAX; tries += 1) {
    const found = parse(text.slice(start + 2));
    if (found !== undefined) return found;
    start = text.indexOf(HEAD_END, start + 1);
  }
  return undefined;
}

/**
 * The document inside what a receiver gives back: a search hit, a row of an export, a line of a log file. What holds
 * none of ours comes back as undefined.
 */
export function unwrapCopy(value: unknown, depth = 0): unknown {
  if (depth > DEPTH_MAX) return undefined;
  if (typeof value === 'string') {
    const parsed = parseText(value);
    return typeof parsed === 'object' ? unwrapCopy(parsed, depth + 1) : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (readPlace(value) !== undefined) return value;
  for (const name of WRAPPINGS) {
    if (!Object.hasOwn(value, name)) continue;
    const found = unwrapCopy(Reflect.get(value, name), depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
