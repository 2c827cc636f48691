import { decodeBase64url } from './base64url.ts';
import { parseStrictObject, type StrictJsonFault } from './strict-json.ts';

/** A compact JWS taken apart; nothing of it is to be trusted yet. */
export interface CompactJws {
  header: Readonly<Record<string, unknown>>;
  payload: Readonly<Record<string, unknown>>;
  /** What was signed: `header.payload` (RFC 7515 §5.2). */
  signingInput: Buffer;
  signature: Buffer;
}

export interface CompactJwsFault {
  part: 'token' | 'header' | 'payload' | 'signature';
  fault: 'too_large' | 'encoding' | StrictJsonFault;
  member?: string;
}

export type ParsedCompactJws = { ok: true; jws: CompactJws } | { ok: false; fault: CompactJwsFault };

/** Takes a compact JWS (RFC 7515 §3.1) apart: three strict base64url parts, two strict JSON objects. Never throws. */
export function parseCompactJws(token: string, charsMax: number): ParsedCompactJws {
  if (token.length > charsMax) return { ok: false, fault: { part: 'token', fault: 'too_large' } };
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first <= 0 || second <= first + 1 || token.indexOf('.', second + 1) !== -1) {
    return { ok: false, fault: { part: 'token', fault: 'encoding' } };
  }
  const header = parsePart(token.slice(0, first), 'header');
  if (!header.ok) return header;
  const payload = parsePart(token.slice(first + 1, second), 'payload');
  if (!payload.ok) return payload;
  // An empty signature decodes to no bytes; whoever checks it finds the wrong size.
  const signature = decodeBase64url(token.slice(second + 1));
  if (signature === undefined) return { ok: false, fault: { part: 'signature', fault: 'encoding' } };
  const signingInput = Buffer.from(token.slice(0, second), 'latin1');
  return { ok: true, jws: { header: header.value, payload: payload.value, signingInput, signature } };
}

type ParsedPart =
  | { ok: true; value: Readonly<Record<string, unknown>> }
  | { ok: false; fault: CompactJwsFault };

function parsePart(text: string, part: 'header' | 'payload'): ParsedPart {
  const bytes = decodeBase64url(text);
  if (bytes === undefined) return { ok: false, fault: { part, fault: 'encoding' } };
  const json = parseStrictObject(bytes);
  if (json.ok) return json;
  const { fault, member } = json;
  return { ok: false, fault: member === undefined ? { part, fault } : { part, fault, member } };
}
