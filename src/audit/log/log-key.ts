import { createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';

const SEED_BYTES = 32;

/** The head of a PKCS#8 document that holds a seed, and what keeps the keys of one purpose apart. */
const ALGORITHMS = {
  /** RFC 8410 §7. */
  ed25519: { head: Buffer.from('302e020100300506032b657004220420', 'hex'), label: 'signing key v1' },
  /** RFC 9881 §6. */
  'ml-dsa-44': {
    head: Buffer.from('3034020100300b060960864801650304031104228020', 'hex'),
    label: 'ML-DSA-44 signing key v1',
  },
} as const;

/**
 * The key that signs checkpoints, from the server's master key (HKDF-SHA-256, RFC 5869): every server of a cluster
 * has the same one, and nothing more has to be kept or backed up. `purpose` keeps different keys apart.
 */
export function deriveLogKey(
  masterKey: Buffer,
  purpose: 'log' | 'witness',
  algorithm: keyof typeof ALGORITHMS = 'ed25519',
): KeyObject {
  const { head, label } = ALGORITHMS[algorithm];
  const seed = Buffer.from(hkdfSync('sha256', masterKey, '', `vouchgate ${purpose} ${label}`, SEED_BYTES));
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' });
}

/** The name under which this server signs the checkpoints of others. */
export function witnessNameOf(publicUrl: string): string {
  return `${publicUrl.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/witness`;
}

/** The name of a log: where it is read, without the scheme (C2SP tlog-checkpoint). */
export function logOriginOf(publicUrl: string): string {
  return `${publicUrl.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/log`;
}
