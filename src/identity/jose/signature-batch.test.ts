import { createPublicKey } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createForgeKey, signBytes } from '../contract/token-forge.ts';
import { signatureCheckFor } from './algorithms.ts';
import { createSignatureBatch, isSignatureValid } from './signature-batch.ts';

const key = createForgeKey('ES256', 'k');
const publicKey = createPublicKey(key.privateKey);
const check = signatureCheckFor(publicKey, 'ES256', 0);
const data = Buffer.from('signed');
const good = signBytes('signed', key);

describe('the signature batch', () => {
  test('answers each check of a tick by its own merit', async () => {
    const batch = createSignatureBatch();
    const checks = Array.from({ length: 100 }, async (_, index) =>
      batch.verify(check, index % 3 === 0 ? Buffer.from('other') : data, good),
    );
    const results = await Promise.all(checks);
    expect(results).toEqual(Array.from({ length: 100 }, (_, index) => index % 3 !== 0));
  });

  test('does no more than 32 in one turn, so that others get theirs', async () => {
    const batch = createSignatureBatch();
    const done: boolean[] = [];
    const all = Array.from({ length: 70 }, async () => {
      done.push((await batch.verify(check, data, good)) ?? false);
    });
    const steps: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const before = done.length;
      await turn();
      steps.push(done.length - before);
    }
    await Promise.all(all);
    expect(steps.every((step) => step <= 32)).toBe(true);
    expect(done).toHaveLength(70);
  });

  test('takes no more than its bound, and takes again when there is room', async () => {
    const batch = createSignatureBatch(2);
    const first = [1, 2].map(async () => batch.verify(check, data, good));
    expect(batch.verify(check, data, good)).toBeUndefined();
    await Promise.all(first);
    expect(await batch.verify(check, data, good)).toBe(true);
  });

  test('calls a signature of the wrong size invalid instead of throwing', () => {
    expect(isSignatureValid(check, data, Buffer.alloc(0))).toBe(false);
    expect(isSignatureValid(check, data, signBytes('signed', key, 'der'))).toBe(false);
    expect(isSignatureValid(check, data, Buffer.alloc(64))).toBe(false);
    expect(isSignatureValid(check, data, good)).toBe(true);
  });
});
