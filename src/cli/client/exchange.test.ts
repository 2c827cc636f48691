import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { Secret } from '#core/secret.ts';
import { FakeVouchgate } from '../testing/fake-vouchgate.ts';
import { createDpopKey } from './dpop-key.ts';
import { createExchanger } from './exchange.ts';
import { createHttpSend } from './http-send.ts';
import { createLeaseClient } from './lease-client.ts';
import { secretValuesOf } from './secret-values.ts';

const pauses: number[] = [];
const retry = {
  attemptsMax: 4,
  pauseMs: 10,
  sleep: async (ms: number) => {
    pauses.push(ms);
  },
};

let fake: FakeVouchgate;
beforeEach(async () => {
  pauses.length = 0;
  fake = await new FakeVouchgate().listen();
  fake.resources.set('shop-db', {
    credentialType: 'postgres',
    values: { username: 'vg_shop', password: 'pa55word-canary' },
    environment: { PGUSER: 'username', PGPASSWORD: 'password' },
  });
});
afterEach(() => fake.close());

function exchanger() {
  return createExchanger({
    server: fake.url,
    send: createHttpSend({ env: {} }),
    key: createDpopKey(systemClock),
    retry,
  });
}

function temporarilyUnavailable(retryAfter?: string) {
  return {
    status: 503,
    body: JSON.stringify({
      error: 'temporarily_unavailable',
      error_description: 'busy',
      reason: 'overloaded',
      facts: [],
      remedy: 'Try again.',
      retryable: true,
    }),
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
  };
}

describe('the exchange', () => {
  it('gets a credential with a proof of its own key', async () => {
    const result = await exchanger().exchange({ token: new Secret(fake.mint()), resource: 'shop-db' });
    expect(result.outcome).toBe('issued');
    if (result.outcome !== 'issued') return;
    expect(result.issued.values['password']?.reveal()).toBe('pa55word-canary');
    expect(JSON.stringify(result)).not.toContain('pa55word-canary');
    expect(fake.proofKeys.size).toBe(1);
  });

  it('hides what the server calls secret, and without its word all but names of places and accounts', async () => {
    const values = { username: 'vg_shop', host: 'db.test', accessKeyId: 'AKIA', password: 'canary' };
    fake.resources.set('shop-db', {
      credentialType: 'postgres',
      values,
      environment: {},
      secretFields: ['password'],
    });
    const result = await exchanger().exchange({ token: new Secret(fake.mint()), resource: 'shop-db' });
    if (result.outcome !== 'issued') throw new Error('issued');
    const { issued } = result;
    const leaseToken = issued.lease.token.reveal();
    expect(secretValuesOf(issued)).toEqual(['canary', leaseToken]);
    const older = { ...issued, secretFields: undefined };
    expect(secretValuesOf(older)).toEqual(['AKIA', 'canary', leaseToken]);
  });

  it('repeats a lost request with the same key and a fresh proof, and gets the first lease', async () => {
    fake.disturbances.push({ drop: true }, temporarilyUnavailable());
    const client = exchanger();
    const token = new Secret(fake.mint());
    const first = await client.exchange({ token, resource: 'shop-db' });
    const again = await client.exchange({ token, resource: 'shop-db' });
    expect(first.outcome === 'issued' && first.issued.lease.id).toBe(
      again.outcome === 'issued' && again.issued.lease.id,
    );
    expect(fake.requests).toHaveLength(4);
    expect(fake.proofKeys.size).toBe(1);
    expect(fake.leases.size).toBe(1);
  });

  it('waits as long as Retry-After asks, and no longer than its own bound', async () => {
    fake.disturbances.push(temporarilyUnavailable('3'), temporarilyUnavailable('86400'));
    await exchanger().exchange({ token: new Secret(fake.mint()), resource: 'shop-db' });
    expect(pauses[0]).toBe(3_000);
    expect(pauses[1]).toBe(20_000);
  });

  it('does not repeat what the decision refused', async () => {
    const result = await exchanger().exchange({ token: new Secret(fake.mint()), resource: 'unknown' });
    expect(result).toMatchObject({
      outcome: 'denied',
      denial: { reason: 'resource_unknown', unavailable: false },
    });
    expect(fake.requests).toHaveLength(1);
  });

  it('is refused with a token that somebody else has spent', async () => {
    const token = new Secret(fake.mint());
    await exchanger().exchange({ token, resource: 'shop-db' });
    const result = await exchanger().exchange({ token, resource: 'shop-db' });
    expect(result).toMatchObject({ outcome: 'denied', denial: { reason: 'token_replayed' } });
  });

  it('gives up after four attempts, with an error that says what was reached', async () => {
    fake.disturbances.push({ drop: true }, { drop: true }, { drop: true }, { drop: true });
    await expect(
      exchanger().exchange({ token: new Secret(fake.mint()), resource: 'shop-db' }),
    ).rejects.toMatchObject({
      code: 'server_unreachable',
    });
    expect(fake.requests).toHaveLength(4);
  });

  it('takes the page of a gateway for no answer, and never quotes a body', async () => {
    fake.disturbances.push({ status: 200, body: '<html>pa55word-canary' });
    const failure: unknown = await exchanger()
      .exchange({ token: new Secret(fake.mint()), resource: 'shop-db' })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'server_answer_invalid' });
    expect(String(failure)).not.toContain('canary');
  });

  it('refuses an answer without end', async () => {
    fake.disturbances.push({ status: 200, body: 'x'.repeat(2 * 1024 * 1024) });
    await expect(
      exchanger().exchange({ token: new Secret(fake.mint()), resource: 'shop-db' }),
    ).rejects.toMatchObject({
      code: 'server_answer_too_large',
    });
  });
});

describe('a lease', () => {
  it('is renewed and revoked by its own token only', async () => {
    const result = await exchanger().exchange({ token: new Secret(fake.mint()), resource: 'shop-db' });
    if (result.outcome !== 'issued') throw new Error('the fake refused');
    const { lease } = result.issued;
    const leases = createLeaseClient({ server: fake.url, send: createHttpSend({ env: {} }), retry });
    await expect(leases.renew({ ...lease, token: new Secret('vgt_wrong') })).rejects.toMatchObject({
      serverCode: 'lease_token_invalid',
    });
    expect(await leases.renew(lease)).toBeGreaterThan(0);
    await leases.revoke(lease, 1_000);
    await leases.revoke(lease, 1_000);
    await expect(leases.renew(lease)).rejects.toMatchObject({ serverCode: 'lease_ended' });
  });
});
