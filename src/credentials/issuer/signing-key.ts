import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '#core/secret.ts';
import type { StoredSigningKey } from '../ports.ts';
import type { Sealer } from '../sealing/envelope.ts';
import { IssuerError } from './issuer-error.ts';
import type { SigningAlgorithm } from './token-signer.ts';

const generate = promisify(generateKeyPair);

/** A public key as relying parties see it (RFC 7517 §4). */
export type PublicJwk = Readonly<
  { kid: string; alg: SigningAlgorithm; use: 'sig' } & (
    | { kty: 'EC'; crv: string; x: string; y: string }
    | { kty: 'RSA'; n: string; e: string }
  )
>;

/** A key that was opened: ready to sign and to be published. */
export interface SigningKey {
  id: string;
  algorithm: SigningAlgorithm;
  privateKey: KeyObject;
  publicJwk: PublicJwk;
  /** First part of every token that it signs, encoded, with the dot after it. */
  headerPart: string;
  activeFromMs: number;
}

const contextOf = (id: string) => `signing-key/${id}`;

async function generatePrivateKey(algorithm: SigningAlgorithm): Promise<KeyObject> {
  if (algorithm === 'ES256') return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
  return (await generate('rsa', { modulusLength: 2048 })).privateKey;
}

function publicJwkOf(id: string, algorithm: SigningAlgorithm, privateKey: KeyObject): PublicJwk {
  const { kty, crv, x, y, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (algorithm === 'ES256' && kty === 'EC' && crv === 'P-256' && x !== undefined && y !== undefined) {
    return { kid: id, alg: algorithm, use: 'sig', kty, crv, x, y };
  }
  if (algorithm === 'RS256' && kty === 'RSA' && n !== undefined && e !== undefined) {
    return { kid: id, alg: algorithm, use: 'sig', kty, n, e };
  }
  throw new IssuerError('signing_key_unavailable', `The signing key ${id} is not one for ${algorithm}.`);
}

/** Makes a key, sealed for the store. An RSA key takes about 100 ms of a background thread. */
export async function createStoredSigningKey(
  key: Pick<StoredSigningKey, 'id' | 'algorithm' | 'createdAtMs' | 'activeFromMs'>,
  sealer: Sealer,
): Promise<StoredSigningKey> {
  const privateKey = await generatePrivateKey(key.algorithm);
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  return {
    ...key,
    publicJwk: JSON.stringify(publicJwkOf(key.id, key.algorithm, privateKey)),
    sealedPrivateKey: sealer.seal(new Secret(pem), contextOf(key.id)),
    retiredAtMs: undefined,
  };
}

/**
 * Opens a stored key. What is published is derived from the sealed private half, never read from the row: who
 * can write to the store could otherwise have a key of their own published and sign as this issuer.
 *
 * @throws {SealingError} when it was sealed under another master key, changed or moved.
 * @throws {IssuerError} `signing_key_unavailable` when its two halves differ.
 */
export function openSigningKey(stored: StoredSigningKey, sealer: Sealer): SigningKey {
  const { id, algorithm, activeFromMs } = stored;
  const pem = sealer.open(stored.sealedPrivateKey, contextOf(id));
  const privateKey = createPrivateKey(pem.reveal());
  const publicJwk = publicJwkOf(id, algorithm, privateKey);
  if (JSON.stringify(publicJwk) !== stored.publicJwk) {
    throw new IssuerError(
      'signing_key_unavailable',
      `The public half of the signing key ${id} does not belong to its private half.`,
      { remedy: 'Find out who can write to the store; then remove the key from it.' },
    );
  }
  const header = JSON.stringify({ alg: algorithm, kid: id, typ: 'JWT' });
  const headerPart = `${Buffer.from(header).toString('base64url')}.`;
  return { id, algorithm, privateKey, publicJwk, headerPart, activeFromMs };
}
