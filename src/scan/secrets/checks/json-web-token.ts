import type { Verdict } from './check.ts';

function decodePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

/** RFC 7515 §4.1.1: a header always says its `alg`. One without a signature is worth nothing. */
export function isJsonWebToken(value: string): Verdict {
  const [header = '', payload = '', signature = ''] = value.split('.');
  if (signature === '' || !hasMember(decodePart(header), 'alg')) return 'impossible';
  return typeof decodePart(payload) === 'object' ? 'holds' : 'impossible';
}
