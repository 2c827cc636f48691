import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { nowSeconds, type Clock } from '#core/clock.ts';

/** Makes proofs of possession (RFC 9449 §4.2) with a key that lives and dies with this process. */
export interface DpopKey {
  /** A fresh proof for one request; `url` without query and fragment. */
  proofFor(method: string, url: string): string;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function publicJwk(publicKey: KeyObject): { kty: string; crv: string; x: string; y: string } {
  const { x, y } = publicKey.export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) };
}

/**
 * An ephemeral ES256 key. It is what makes a retry safe: the server repeats its answer only to the key
 * that asked first, so a token that leaks from the job cannot be spent a second time by someone else.
 */
export function createDpopKey(clock: Clock): DpopKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk(publicKey) });
  return {
    proofFor(method, url) {
      const claims = encode({ jti: randomUUID(), htm: method, htu: url, iat: nowSeconds(clock) });
      const input = `${header}.${claims}`;
      // JWS wants the raw r‖s pair (RFC 7518 §3.4), not the DER that OpenSSL makes by default.
      const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    },
  };
}
