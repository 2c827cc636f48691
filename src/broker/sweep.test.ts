import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFaultPlan } from './testing/fault-plan.ts';
import { ask, createWorld, type TestServer } from './testing/world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

async function issue(server: TestServer, token = 'job-1') {
  const result = await server.broker.exchange(ask({ token }));
  if (result.outcome === 'denied') throw new Error(result.denial.code);
  return result.issued;
}

describe('the sweeper', () => {
  test('ends what expired, and nothing before', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease } = await issue(server);
    world.clock.advance(599_999);
    expect(await server.sweep()).toBe(0);
    world.clock.advance(1);
    expect(await server.sweep()).toBe(1);
    expect(await world.storage.broker.lease(lease.id)).toMatchObject({ state: 'expired' });
    expect(await world.storage.events.list({ types: ['lease.expired'], limit: 5 })).toHaveLength(1);
  });

  test('of two servers at once ends each lease once', async () => {
    const world = createWorld();
    for (let count = 0; count < 250; count += 1) await issue(world.server(), `job-${count}`);
    world.clock.advance(600_000);
    await Promise.all([world.server().sweep(), world.server().sweep()]);
    expect(world.backend.live.size).toBe(0);
    const events = await world.storage.events.list({ types: ['lease.expired'], limit: 1_000 });
    expect(new Set(events.map(({ lease }) => lease)).size).toBe(250);
    expect(events).toHaveLength(250);
  });

  test('does not wait for each lease of a back-end that hangs', async () => {
    const world = createWorld();
    const server = world.server();
    for (let count = 0; count < 50; count += 1) await issue(server, `job-${count}`);
    world.clock.advance(600_000);
    world.backend.trouble = 'hangs';
    const sweep = server.sweep();
    // One round of calls, not one for each lease.
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await sweep).toBe(0);
    world.backend.trouble = undefined;
    world.clock.advance(60_000);
    expect(await server.sweep()).toBe(50);
  });

  test('tries again later and later', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease } = await issue(server);
    world.clock.advance(600_000);
    world.backend.trouble = 'refuses';
    const waits: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      await server.sweep();
      const dueAtMs = (await world.storage.broker.lease(lease.id))?.dueAtMs ?? 0;
      waits.push((dueAtMs - world.clock.nowMs()) / 1_000);
      world.clock.advance(dueAtMs - world.clock.nowMs());
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  test('keeps trying what a provider made that is not configured any more', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease } = await issue(server);
    world.gone.add('database');
    world.clock.advance(600_000);
    await server.sweep();
    expect(await world.storage.broker.lease(lease.id)).toMatchObject({
      state: 'revoking',
      lastError: expect.stringContaining('not configured any more'),
    });
    world.gone.clear();
    world.clock.advance(10_000);
    expect(await server.sweep()).toBe(1);
  });

  test('goes on when the store fails for one lease, and ends when it fails for all', async () => {
    const world = createWorld();
    for (let count = 0; count < 5; count += 1) await issue(world.server(), `job-${count}`);
    world.clock.advance(600_000);
    const server = world.server(createFaultPlan({ step: 3, mode: 'fail' }));
    expect(await server.sweep()).toBe(4);
  });
});

describe('the sweep of orphans', () => {
  test('removes what no lease owns, and that is on record', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease } = await issue(server, 'job-1');
    const { lease: ended } = await issue(server, 'job-2');
    await server.broker.revokeLease(ended.id, { person: 'ann' });
    world.backend.live.set(ended.id, 0);
    world.backend.live.set('lse_00000000000000000000000000', 0);
    expect((await server.sweepOrphans()).sort()).toEqual(['lse_00000000000000000000000000', ended.id].sort());
    expect([...world.backend.live.keys()]).toEqual([lease.id]);
    const [event] = await world.storage.events.list({ types: ['orphan.removed'], limit: 1 });
    expect(event?.body).toMatchObject({ credentialProvider: 'database' });
  });

  test('leaves alone what is being made, is irrevocable, or cannot be looked up', async () => {
    const world = createWorld();
    const server = world.server();
    const { lease } = await issue(server);
    for (const state of ['pending', 'revoking', 'irrevocable'] as const) {
      await world.storage.broker.transition(lease.id, ['active', 'pending', 'revoking'], { state }, []);
      expect(await server.sweepOrphans()).toEqual([]);
    }
    await world.storage.broker.transition(lease.id, ['irrevocable'], { state: 'revoked' }, []);
    // Steps: the provider's sweep, then its question.
    const failing = world.server(createFaultPlan({ step: 1, mode: 'fail' }));
    expect(await failing.sweepOrphans()).toEqual([]);
    expect(world.backend.live.size).toBe(1);
  });
});
