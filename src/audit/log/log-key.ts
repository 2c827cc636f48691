import { createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';

const SEED_BYTES = 32;
/** RFC 8410 §7: the head of a PKCS#8 document that holds an Ed25519 seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The key that signs checkpoints, from the server's master key (HKDF-SHA-256, RFC 5869): every server of a cluster
 * has the same one, and nothing more has to be kept or backed up. `purpose` keeps different keys apart.
 */
export function deriveLogKey(masterKey: Buffer, purpose: 'log' | 'witness'): KeyObject {
  const seed = Buffer.from(
    hkdfSync('sha256', masterKey, '', `vouchgate ${purpose} signing key v1`, SEED_BYTES),
  );
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

/** The name under which this server signs the checkpoints of others. */
export function witnessNameOf(publicUrl: string): string {
  return `${publicUrl.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/witness`;
}

/** The name of a log: where it is read, without the scheme (C2SP tlog-checkpoint). */
export function logOriginOf(publicUrl: string): string {
  return `${publicUrl.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/log`;
}
