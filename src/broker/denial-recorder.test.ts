import { describe, expect, test } from 'vitest';
import { createRecordingLogger, exampleIdentity } from '#credentials/credential-provider.fakes.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { ExchangeFacts } from './decision-events.ts';
import { createDenialRecorder } from './denial-recorder.ts';
import { denyWithoutConfiguration } from './denials.ts';

function setUp() {
  let nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs };
  const { events } = openMemoryStorage();
  const log = createRecordingLogger();
  const recorder = createDenialRecorder({ events, clock, log });
  const record = (owner?: string): Promise<string | undefined> =>
    recorder.record(factsOf(owner), denyWithoutConfiguration());
  const recordMany = async (count: number, owner?: string): Promise<number> => {
    let recorded = 0;
    for (let each = 0; each < count; each += 1) recorded += (await record(owner)) === undefined ? 0 : 1;
    return recorded;
  };
  return { events, log, record, recordMany, advance: (ms: number) => (nowMs += ms) };
}

function factsOf(owner: string | undefined): ExchangeFacts {
  const verified = owner === undefined ? undefined : verifiedOf(owner);
  return {
    decision: 'dec_1',
    target: 'shop-db',
    principal: undefined,
    verified,
    holder: undefined,
    sourceIp: undefined,
    policy: undefined,
  };
}

function verifiedOf(owner: string) {
  const identity = { ...exampleIdentity, org: { id: owner } };
  return { identity, tokenId: 'jti', tokenDigest: 'digest', issuedAtSeconds: 1, expiresAtSeconds: 2 };
}

describe('the record of denials', () => {
  test('has a budget for garbage that a stranger cannot exceed, and that comes back', async () => {
    const { recordMany, advance, log } = setUp();
    expect(await recordMany(3_000)).toBe(1_000);
    advance(1_000);
    expect(await recordMany(3_000)).toBe(100);
    advance(-5_000);
    expect(await recordMany(10)).toBe(0);
    expect(log.lines.filter((line) => line.includes('denials.unrecorded')).length).toBeLessThanOrEqual(2);
  });

  test('has a budget for each owner of verified tokens, which others cannot use up', async () => {
    const { recordMany } = setUp();
    expect(await recordMany(5_000, 'stranger')).toBe(2_000);
    expect(await recordMany(5_000)).toBe(1_000);
    expect(await recordMany(500, 'acme')).toBe(500);
  });

  test('gives no decision when it is not durable', async () => {
    const { events, record, log } = setUp();
    events.append = () => Promise.reject(new Error('disk full'));
    expect(await record('acme')).toBeUndefined();
    expect(log.lines.join()).toContain('denial.not_recorded');
  });
});
