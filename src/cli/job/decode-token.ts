import type { Secret } from '#core/secret.ts';
import { formatFields } from '../layout.ts';
import { formatTime } from '../output.ts';
import { PlatformError } from '../platform/platform.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a token, not verified. The signature, which makes it a credential, stays here. */
export function decodeToken(token: Secret): Claims {
  const [, payload = ''] = token.reveal().split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return { ...claims };
  } catch {
    // The cause would quote the token.
  }
  throw new PlatformError('token_malformed', 'the payload of the token is no JSON object', {
    remedy: 'Look at how the token gets into the job.',
  });
}

function showClaim(name: string, value: unknown): string {
  if (typeof value === 'number' && ['iat', 'nbf', 'exp'].includes(name) && Math.abs(value) < 1e11) {
    return `${value} (${formatTime(value * 1000)})`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The claims as a table, and what a server would find wrong at first sight. */
export function describeOffline(claims: Claims, nowMs: number): string {
  const rows = Object.entries(claims).map(([name, value]) => [name, showClaim(name, value)] as const);
  const remarks: string[] = [];
  if (typeof claims['exp'] !== 'number') remarks.push('it has no expiry (exp): no server should accept it');
  else if (claims['exp'] * 1000 <= nowMs) remarks.push('it has expired');
  if (Array.isArray(claims['aud']) && claims['aud'].length > 1) {
    remarks.push('it has several audiences (aud): Vouchgate accepts one');
  }
  if (claims['iss'] === undefined) remarks.push('it does not say who issued it (iss)');
  const notes = remarks.map((remark) => `! ${remark}\n`).join('');
  return `${formatFields(rows)}${notes}Decoded only: nobody has checked the signature.\n`;
}
