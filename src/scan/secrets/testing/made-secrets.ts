import { createHash, generateKeyPairSync } from 'node:crypto';
import { crc32Suffix } from '../checks/crc32-suffix.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters that look drawn, and are the same in every run. */
export function drawn(count: number, seed: string, letters = LETTERS): string {
  let text = '';
  for (let round = 0; text.length < count; round += 1) {
    for (const byte of createHash('sha256').update(`${seed} ${round}`).digest())
      text += letters[byte % letters.length] ?? '';
  }
  return text.slice(0, count);
}

/** Made here, so that no scanner finds it in this repository. */
export function madeGithubToken(seed: string): string {
  const body = drawn(30, seed);
  return ['gh', 'p_', body, crc32Suffix(body)].join('');
}

export function madeStripeKey(seed: string): string {
  return ['sk', 'live', drawn(24, seed)].join('_');
}

/** A real one, of nobody. */
export function madePrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return privateKey;
}
