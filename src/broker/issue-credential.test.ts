import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExchangeResult } from './exchange.ts';
import { createFaultPlan } from './testing/fault-plan.ts';
import { ask, createWorld, type World } from './testing/world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function codeOf(result: ExchangeResult): string {
  return result.outcome === 'denied' ? result.denial.code : 'issued';
}

describe('a back-end that answers late', () => {
  /** An exchange whose back-end holds its answer until it is opened. */
  function startSlow(world: World) {
    let open = (): void => {};
    world.backend.gate = new Promise((resolve) => {
      open = resolve;
    });
    const server = world.server();
    return { server, result: server.broker.exchange(ask()), open };
  }

  test('after a person ended the lease: nothing is released and nothing is left', async () => {
    const world = createWorld();
    const { server, result, open } = startSlow(world);
    await vi.advanceTimersByTimeAsync(10);
    expect(await server.broker.revokeLeases({}, 'ann')).toEqual({ revoked: 1, pending: [] });
    open();
    expect(codeOf(await result)).toBe('backend_unavailable');
    expect(world.backend).toMatchObject({ issued: 1, live: new Map() });
  });

  test('after its time and after the sweeper: what it made is undone once more', async () => {
    const world = createWorld();
    const { server, result, open } = startSlow(world);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(codeOf(await result)).toBe('backend_unavailable');
    // Nobody knows whether it is still at it, so the undoing waits for the end of the grace.
    expect(await server.sweep()).toBe(0);
    world.clock.advance(61_000);
    expect(await server.sweep()).toBe(1);
    const [lease] = await world.storage.broker.leases({ limit: 1 });
    expect(lease?.state).toBe('revoked');
    open();
    await vi.advanceTimersByTimeAsync(10);
    expect(world.backend).toMatchObject({ issued: 1, live: new Map() });
  });

  test('and cannot be reached then: the ended lease is open again until it can', async () => {
    const world = createWorld();
    const { server, result, open } = startSlow(world);
    await vi.advanceTimersByTimeAsync(15_000);
    await result;
    world.clock.advance(61_000);
    await server.sweep();
    world.backend.trouble = 'unavailable';
    open();
    await vi.advanceTimersByTimeAsync(10);
    expect(world.backend.live.size).toBe(1);
    const [lease] = await world.storage.broker.leases({ limit: 1 });
    expect(lease?.state).toBe('revoking');
    world.backend.trouble = undefined;
    world.clock.advance(10_000);
    await server.sweep();
    expect(world.backend.live.size).toBe(0);
  });

  test('with what cannot be recalled: it is not released once the lease was ended', async () => {
    const world = createWorld();
    const server = world.server(createFaultPlan());
    const [result] = await Promise.all([
      server.broker.exchange(ask({ target: { name: 'cloud' } })),
      server.broker.revokeLeases({}, 'ann').then(() => server.broker.revokeLeases({}, 'ann')),
    ]);
    const [lease] = await world.storage.broker.leases({ limit: 1 });
    expect([codeOf(result), lease?.state]).toEqual(['backend_unavailable', 'revoked']);
  });
});
