import type { Verdict } from './check.ts';

const SEQUENCE = 0x30;
const BYTES_MIN = 40;

/** The base64 between the two lines of a PEM block, however its line ends were written down. */
function bodyOf(pem: string): string {
  const start = pem.indexOf('-----', 11) + 5;
  const end = pem.indexOf('-----END');
  const lines = pem
    .slice(start, end === -1 ? undefined : end)
    .replace(/\\[nrt]/g, '\n')
    .split('\n')
    .map((line) => line.replace(/^[\s"'`+>|#*/,;-]{0,40}/, '').replace(/[\s"'`+\\,;]{0,20}$/, ''));
  // RFC 1421 §4.6.1: headers (`Proc-Type: 4,ENCRYPTED`) stand before the body.
  return lines.filter((line) => !line.includes(':')).join('');
}

/**
 * RFC 7468: DER in base64, whose first byte opens a SEQUENCE; keys of OpenSSH begin with their own name, and those of
 * OpenPGP with a packet tag. `…` or `MY KEY HERE` between the lines is documentation.
 */
export function isPrivateKey(value: string): Verdict {
  const body = bodyOf(value);
  if (!/^[A-Za-z0-9+/=\s]+$/.test(body.slice(0, 200))) return 'impossible';
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length < BYTES_MIN || new Set(bytes.subarray(0, 200)).size < 20) return 'impossible';
  if (value.includes('PGP PRIVATE')) return ((bytes[0] ?? 0) & 0x80) === 0 ? 'impossible' : 'holds';
  if (value.includes('OPENSSH'))
    return bytes.subarray(0, 14).toString('latin1') === 'openssh-key-v1' ? 'holds' : 'impossible';
  if (value.includes('ENCRYPTED')) return 'refuted';
  return bytes[0] === SEQUENCE ? 'holds' : 'impossible';
}
