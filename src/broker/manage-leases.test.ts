import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { IssuedExchange } from './exchange.ts';
import { createFaultPlan } from './testing/fault-plan.ts';
import { allow, ask, createWorld, deny, type TestServer, type World } from './testing/world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

async function issue(server: TestServer, options: Parameters<typeof ask>[0] = {}): Promise<IssuedExchange> {
  const result = await server.broker.exchange(ask(options));
  if (result.outcome === 'denied') throw new Error(result.denial.code);
  return result.issued;
}

async function stateOf(world: World, id: string): Promise<string | undefined> {
  return (await world.storage.broker.lease(id))?.state;
}

describe('renewing a lease', () => {
  test('prolongs it by its own lifetime, up to the longest, and is on record', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease, leaseToken } = await issue(server);
    world.clock.advance(500_000);
    const expiresAtMs = world.clock.nowMs() + 600_000;
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({
      lease: { expiresAtMs },
    });
    expect(world.backend.live.get(lease.id)).toBe(expiresAtMs);
    const [event] = await world.storage.events.list({ types: ['lease.renewed'], limit: 5 });
    expect(event).toMatchObject({ lease: lease.id, decision: lease.decision, body: { expiresAtMs } });
    for (let round = 0; round < 3; round += 1) {
      world.clock.advance(400_000);
      await server.broker.renewLease(lease.id, { leaseToken });
    }
    expect(world.backend.live.get(lease.id)).toBe(lease.createdAtMs + 1_800_000);
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({
      code: 'lease_expired_maximum',
    });
  });

  test('is decided anew, with what was recorded of the holder', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease, leaseToken } = await issue(server, { sourceIp: '192.0.2.7' });
    world.clock.advance(100_000);
    const asked: string[] = [];
    world.decide = ({ action, identity, context }) => {
      asked.push(`${action} ${identity.subject} ${context.sourceIp}`);
      return deny('no_permit');
    };
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({ code: 'access_denied' });
    expect(asked).toEqual(['renew repo:acme/shop 192.0.2.7', 'issue repo:acme/shop 192.0.2.7']);
    world.decide = ({ action }) => (action === 'issue' ? allow : deny('forbidden'));
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({ code: 'access_denied' });
    world.decide = ({ action }) => (action === 'issue' ? allow : deny('no_permit'));
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({ ok: true });
  });

  test('is refused with the token of another lease, for an ended one, and where there is no renewal', async () => {
    const world = createWorld();
    const server = world.server();
    const mine = await issue(server, { token: 'job-1' });
    const other = await issue(server, { token: 'job-2' });
    const minted = await issue(server, { token: 'job-3', target: { name: 'registry' } });
    const { broker } = server;
    const wrong = { leaseToken: other.leaseToken };
    expect(await broker.renewLease(mine.lease.id, wrong)).toMatchObject({ code: 'lease_token_invalid' });
    expect(await broker.revokeLease(mine.lease.id, wrong)).toMatchObject({ code: 'lease_token_invalid' });
    expect(await broker.renewLease('lse_00000000000000000000000000', { person: 'ann' })).toMatchObject({
      code: 'lease_unknown',
    });
    expect(await broker.renewLease(minted.lease.id, minted)).toMatchObject({ code: 'lease_not_renewable' });
    world.clock.advance(600_000);
    expect(await broker.renewLease(mine.lease.id, mine)).toMatchObject({ code: 'lease_ended' });
  });

  test('that the back-end fails leaves the lease to be swept, and is on record', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease, leaseToken } = await issue(server);
    world.clock.advance(100_000);
    world.backend.trouble = 'hangs';
    const answer = server.broker.renewLease(lease.id, { leaseToken });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await answer).toMatchObject({ code: 'backend_unavailable' });
    expect(await world.storage.events.list({ types: ['lease.renewal_failed'], limit: 5 })).toHaveLength(1);
    world.backend.trouble = undefined;
    world.clock.advance(600_000);
    await server.sweep();
    expect(world.backend.live.size).toBe(0);
  });

  test('does not reach the back-end when it cannot be recorded', async () => {
    const world = createWorld();
    const { lease, leaseToken } = await issue(world.server());
    world.clock.advance(100_000);
    // Steps: read the lease, read its decision, record.
    const failing = world.server(createFaultPlan({ step: 2, mode: 'fail' }));
    await expect(failing.broker.renewLease(lease.id, { leaseToken })).rejects.toThrow('store.transition');
    expect(world.backend.live.get(lease.id)).toBe(lease.expiresAtMs);
  });
});

describe('revoking a lease', () => {
  test('ends it at the back-end at once, is on record with who did, and once more is a success', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease, leaseToken } = await issue(server);
    expect(await server.broker.revokeLease(lease.id, { leaseToken })).toMatchObject({
      lease: { state: 'revoked' },
    });
    expect(await server.broker.revokeLease(lease.id, { person: 'ann' })).toMatchObject({ ok: true });
    const events = await world.storage.events.list({ types: ['lease.revoked'], limit: 5 });
    expect(events.map(({ actor }) => actor)).toEqual([{ kind: 'workload', id: lease.principal }]);
    expect(world.backend.live.size).toBe(0);
  });

  test('that fails is tried again by the sweeper', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease } = await issue(server);
    world.backend.trouble = 'unavailable';
    const answer = await server.broker.revokeLease(lease.id, { person: 'ann' });
    expect(answer).toMatchObject({ ok: true, lease: { state: 'revoking', lastError: 'The fake is down.' } });
    world.backend.trouble = undefined;
    world.clock.advance(5_000);
    await server.sweep();
    expect(await stateOf(world, lease.id)).toBe('revoked');
  });

  test('says of what cannot be recalled how long it lives on', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease } = await issue(server, { target: { name: 'cloud' } });
    await server.broker.revokeLease(lease.id, { person: 'ann' });
    const [event] = await world.storage.events.list({ types: ['lease.revoked'], limit: 1 });
    expect(event?.body).toMatchObject({ validUntilMs: lease.expiresAtMs });
  });

  test('that can never succeed becomes an alarm, and a person can have it tried again', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease } = await issue(server);
    world.backend.trouble = 'refuses';
    world.clock.advance(600_000);
    for (let round = 0; round < 60; round += 1) {
      await server.sweep();
      world.clock.advance(900_000);
    }
    expect(await stateOf(world, lease.id)).toBe('irrevocable');
    expect(await world.storage.events.list({ types: ['lease.irrevocable'], limit: 5 })).toHaveLength(1);
    expect(await world.storage.events.list({ types: ['lease.revocation_failed'], limit: 50 })).toHaveLength(
      19,
    );
    await server.broker.revokeLease(lease.id, { person: 'ann' });
    expect(await stateOf(world, lease.id)).toBe('irrevocable');
    expect(await world.storage.events.list({ types: ['lease.irrevocable'], limit: 5 })).toHaveLength(2);
    world.backend.trouble = undefined;
    await server.broker.revokeLease(lease.id, { person: 'ann' });
    expect(await stateOf(world, lease.id)).toBe('expired');
    expect(world.backend.live.size).toBe(0);
  });
});

describe('revoking all leases', () => {
  test('goes through all pages, whatever ends meanwhile, and counts each once', async () => {
    const world = createWorld();
    const server = world.server();
    for (let count = 0; count < 1_100; count += 1) await issue(server, { token: `job-${count}` });
    const [answer] = await Promise.all([
      server.broker.revokeLeases({ resource: 'shop-db' }, 'ann'),
      world.server().broker.revokeLeases({}, 'bob'),
    ]);
    expect(answer.pending).toEqual([]);
    expect(world.backend.live.size).toBe(0);
    expect(await server.broker.revokeLeases({}, 'ann')).toEqual({ revoked: 0, pending: [] });
    expect(await server.broker.revokeLeases({ states: ['revoked'] }, 'ann')).toEqual({
      revoked: 0,
      pending: [],
    });
  }, 20_000);

  test('does not keep a person waiting for a back-end that hangs: what is left is marked for the sweeper', async () => {
    const world = createWorld();
    const server = world.server();
    for (let count = 0; count < 40; count += 1) await issue(server, { token: `job-${count}` });
    world.backend.trouble = 'hangs';
    const answer = server.broker.revokeLeases({}, 'ann');
    await vi.advanceTimersByTimeAsync(20_000);
    const { revoked, pending } = await answer;
    expect([revoked, pending.length]).toEqual([0, 40]);
    const revoking = await world.storage.broker.leases({ states: ['revoking'], limit: 100 });
    expect(revoking).toHaveLength(40);
    world.backend.trouble = undefined;
    world.clock.advance(60_000);
    await server.sweep();
    expect(world.backend.live.size).toBe(0);
  });

  test('leaves others alone', async () => {
    const world = createWorld();
    const server = world.server();
    const mine = await issue(server, { token: 'job-1' });
    const other = await issue(server, { token: 'job-2', target: { name: 'shop-db-2' } });
    await server.broker.revokeLeases({ resource: 'shop-db' }, 'ann');
    expect(await stateOf(world, mine.lease.id)).toBe('revoked');
    expect(await stateOf(world, other.lease.id)).toBe('active');
  });
});
