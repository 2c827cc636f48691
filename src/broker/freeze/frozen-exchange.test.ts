import { describe, expect, it } from 'vitest';
import { ask, createWorld, type World } from '../testing/world.ts';
import { createFreezeSnapshot } from './freeze-guard.ts';
import type { Freeze } from './freeze.ts';
import { createFreezeManager } from './manage-freezes.ts';

async function frozenWorld() {
  const world: World = createWorld();
  const { storage, clock } = world;
  const snapshot = createFreezeSnapshot({ store: storage.freezes, clock });
  await snapshot.refresh();
  world.freeze = (subject) => snapshot.check(subject);
  const freezes = createFreezeManager({
    store: storage.freezes,
    snapshot,
    events: storage.events,
    clock,
  });
  return { world, freezes, server: world.server() };
}

const wanted = (target: Freeze['target']) => ({ target, reason: 'stolen token', untilMs: undefined });

describe('a frozen exchange', () => {
  it('is denied before any policy is asked, with what stands and whom to ask, on record', async () => {
    const { world, freezes, server } = await frozenWorld();
    const freeze = await freezes.freeze(wanted({ kind: 'repository', name: 'acme/shop' }), 'ann');
    world.decide = () => {
      throw new Error('asked');
    };
    const result = await server.broker.exchange(ask());
    expect(result).toMatchObject({
      outcome: 'denied',
      denial: { code: 'frozen', retryable: false, remedy: expect.stringContaining('ann') },
    });
    const [denied] = await world.storage.events.list({ types: ['decision.denied'], limit: 5 });
    expect(denied?.body).toMatchObject({
      identity: { subject: 'repo:acme/shop' },
      denial: {
        code: 'frozen',
        facts: expect.arrayContaining([
          { name: 'freeze', expected: 'none', received: `${freeze.id}: repository acme/shop` },
        ]),
      },
    });
    expect(world.backend.live.size).toBe(0);
  });

  it('goes on when it is lifted, and who did what is on record', async () => {
    const { world, freezes, server } = await frozenWorld();
    const { id } = await freezes.freeze(wanted({ kind: 'everything' }), 'ann');
    expect(await server.broker.exchange(ask())).toMatchObject({ outcome: 'denied' });
    expect(await freezes.lift(id, 'bob')).toMatchObject({ id });
    expect(await freezes.lift(id, 'bob')).toBeUndefined();
    expect(await server.broker.exchange(ask())).toMatchObject({ outcome: 'issued' });
    const events = await world.storage.events.list({
      types: ['access.frozen', 'access.unfrozen'],
      limit: 5,
    });
    expect(events.map(({ type, actor }) => [type, actor.id])).toEqual([
      ['access.unfrozen', 'bob'],
      ['access.frozen', 'ann'],
    ]);
  });

  it('is denied, and may be tried again, while it is not known what is frozen', async () => {
    const world = createWorld();
    world.freeze = () => ({ state: 'unknown' });
    expect(await world.server().broker.exchange(ask())).toMatchObject({
      denial: { code: 'store_unavailable', retryable: true },
    });
  });

  it('lets no lease be renewed either', async () => {
    const { world, freezes, server } = await frozenWorld();
    const result = await server.broker.exchange(ask());
    if (result.outcome === 'denied') throw new Error(result.denial.code);
    const { lease, leaseToken } = result.issued;
    world.clock.advance(100_000);
    await freezes.freeze(wanted({ kind: 'identityProvider', name: 'github' }), 'ann');
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({ code: 'frozen' });
    world.freeze = () => ({ state: 'unknown' });
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({
      code: 'store_unavailable',
    });
    world.freeze = undefined;
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({ ok: true });
  });
});
