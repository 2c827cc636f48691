import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { SealingError } from './sealing-error.ts';

export const MASTER_KEY_BYTES = 32;
const PREVIOUS_KEYS_MAX = 8;
const KEY_ID_BYTES = 9;

/** One master key, or the one in use with those before it, which open what they sealed but seal nothing more. */
export type MasterKeys = Uint8Array | { current: Uint8Array; previous: readonly Uint8Array[] };

export interface DerivedKey {
  /** Public name of the master key: derived from it, says nothing about it. */
  masterKeyId: string;
  key: KeyObject;
}

function derive(masterKey: Uint8Array, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `vouchgate/${purpose}/v1`, bytes));
}

function deriveKey(masterKey: Uint8Array, purpose: string): DerivedKey {
  if (masterKey.byteLength !== MASTER_KEY_BYTES) {
    throw new SealingError(
      'master_key_invalid',
      `A master key has ${MASTER_KEY_BYTES} bytes, this one has ${masterKey.byteLength}.`,
      {
        remedy: 'Generate one with `openssl rand -base64 32` and keep a copy of it outside of this machine.',
      },
    );
  }
  return {
    masterKeyId: derive(masterKey, 'master-key-id', KEY_ID_BYTES).toString('base64url'),
    key: createSecretKey(derive(masterKey, purpose, MASTER_KEY_BYTES)),
  };
}

/**
 * One subkey per master key for one purpose, the key in use first (RFC 5869): no two purposes share a key, so
 * that nothing made for one can be passed off as something of the other.
 */
export function deriveSubkeys(
  masterKeys: MasterKeys,
  purpose: string,
): { current: DerivedKey; previous: readonly DerivedKey[] } {
  const { current, previous } =
    masterKeys instanceof Uint8Array ? { current: masterKeys, previous: [] } : masterKeys;
  if (previous.length > PREVIOUS_KEYS_MAX) {
    throw new SealingError(
      'master_key_invalid',
      `At most ${PREVIOUS_KEYS_MAX} previous master keys can be given.`,
      { remedy: 'Leave out the oldest ones: what they sealed was sealed again long since.' },
    );
  }
  return {
    current: deriveKey(current, purpose),
    previous: previous.map((masterKey) => deriveKey(masterKey, purpose)),
  };
}
