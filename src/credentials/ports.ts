import type { Secret } from '#core/secret.ts';
import type { SigningAlgorithm } from './issuer/token-signer.ts';

/** A signing key at rest: the private half is sealed under the master key. */
export interface StoredSigningKey {
  id: string;
  algorithm: SigningAlgorithm;
  /** Public JWK as JSON, with `kid`, `alg`, `use`. */
  publicJwk: string;
  /** PKCS#8, sealed (`sealing/envelope.ts`). */
  sealedPrivateKey: string;
  createdAtMs: number;
  /** Signs from here on; published before, so that relying parties have it cached by then. */
  activeFromMs: number;
  /** No longer published from here on; undefined while in use. */
  retiredAtMs: number | undefined;
}

export interface SigningKeyStore {
  list(): Promise<StoredSigningKey[]>;
  /** False when a key of that algorithm was added since `list` by another server (`activeFromMs` taken): list again. */
  add(key: StoredSigningKey): Promise<boolean>;
  retire(id: string, retiredAtMs: number): Promise<void>;
}

/** A static value that has nothing better, envelope-encrypted. */
export interface StoredSealedSecret {
  name: string;
  sealedValue: string;
  updatedAtMs: number;
  rotateByMs: number | undefined;
}

export interface SealedSecretStore {
  get(name: string): Promise<StoredSealedSecret | undefined>;
  put(secret: StoredSealedSecret): Promise<void>;
  list(): Promise<Omit<StoredSealedSecret, 'sealedValue'>[]>;
}

export interface SealedSecretReader {
  read(name: string): Promise<Secret | undefined>;
}
