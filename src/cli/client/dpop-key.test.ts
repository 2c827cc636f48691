import { describe, expect, it } from 'vitest';
import { verifyDpopProof } from '#identity/dpop.ts';
import { createDpopKey } from './dpop-key.ts';

const clock = { nowMs: () => 1_800_000_000_000 };
const now = { clock, leewaySeconds: 60 };
const url = 'https://vouchgate.test/oauth2/token';

describe('a proof of the ephemeral key', () => {
  it('is what the server wants, for one request only, and new each time', async () => {
    const key = createDpopKey(clock);
    const verdicts = [];
    for (const proof of [key.proofFor('POST', url), key.proofFor('POST', url)]) {
      verdicts.push(await verifyDpopProof({ proof, method: 'POST', url, ...now }));
    }
    const [first, second] = verdicts;
    if (first?.ok !== true || second?.ok !== true) throw new Error('the proof was refused');
    expect(first.thumbprint).toBe(second.thumbprint);
    expect(first.proofKey).not.toBe(second.proofKey);
    const proof = key.proofFor('POST', url);
    const elsewhere = await verifyDpopProof({
      proof,
      method: 'POST',
      url: 'https://other.test/oauth2/token',
      ...now,
    });
    expect(elsewhere.ok).toBe(false);
  });

  it('is of another key in another process', async () => {
    const headers = [createDpopKey(clock), createDpopKey(clock)].map(
      (key) => key.proofFor('POST', url).split('.')[0],
    );
    expect(new Set(headers).size).toBe(2);
  });
});
