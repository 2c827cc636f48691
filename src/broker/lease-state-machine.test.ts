import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExchangeResult } from './exchange.ts';
import { createFaultPlan, type Fault, faultModes } from './testing/fault-plan.ts';
import { ask, createHolderKey, createWorld, type TestServer, type World } from './testing/world.ts';

const HOUR_MS = 3_600_000;
const STEPS_MAX = 60;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** What was released must be on record, and its lease in force, at the moment of the release. */
async function expectRecorded(world: World, result: ExchangeResult): Promise<void> {
  if (result.outcome === 'denied') return;
  const { lease } = result.issued;
  const stored = await world.storage.broker.lease(lease.id);
  expect(['active', 'pending', 'revoking', 'revoked', 'expired']).toContain(stored?.state);
  const types = ['decision.issued', 'credential.issued', 'credential.reissued'] as const;
  expect(await world.storage.events.list({ lease: lease.id, types, limit: 10 })).not.toEqual([]);
}

/** Whatever the back-end has belongs to a lease that says that it is still there. */
async function expectOwned(world: World): Promise<void> {
  for (const id of world.backend.live.keys()) {
    const lease = await world.storage.broker.lease(id);
    expect(lease, `${id} was made without a lease`).toBeDefined();
    expect(['pending', 'active', 'revoking', 'irrevocable'], `${id} lives on`).toContain(lease?.state);
  }
}

/** Sweeps, as a healthy server would, until nothing can happen any more. */
async function sweepToTheEnd(world: World, server: TestServer = world.server()): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    await vi.advanceTimersByTimeAsync(30_000);
    world.clock.advance(step < 10 ? 30_000 : HOUR_MS / 4);
    await server.sweep();
    await expectOwned(world);
  }
}

async function expectAllEnded(world: World): Promise<void> {
  expect([...world.backend.live.keys()]).toEqual([]);
  const leases = await world.storage.broker.leases({ limit: 1_000 });
  for (const lease of leases) {
    expect(['revoked', 'expired', 'failed'], JSON.stringify(lease)).toContain(lease.state);
  }
}

type Scenario = (world: World, server: TestServer) => Promise<void>;

async function exchange(world: World, server: TestServer, ...options: Parameters<typeof ask>) {
  const result = await server.broker.exchange(ask(...options));
  await expectRecorded(world, result);
  return result;
}

const scenarios: Record<string, Scenario> = {
  'issuing from a back-end': async (world, server) => {
    await exchange(world, server);
  },
  'issuing what cannot be recalled': async (world, server) => {
    await exchange(world, server, { target: { name: 'cloud' } });
  },
  minting: async (world, server) => {
    await exchange(world, server, { target: { name: 'registry' } });
  },
  'a retry by the same holder': async (world, server) => {
    const key = createHolderKey(world);
    await exchange(world, server, { key });
    await exchange(world, server, { key });
  },
  renewing: async (world, server) => {
    const result = await exchange(world, server);
    if (result.outcome === 'denied') return;
    world.clock.advance(300_000);
    await server.broker.renewLease(result.issued.lease.id, { leaseToken: result.issued.leaseToken });
  },
  revoking: async (world, server) => {
    const result = await exchange(world, server);
    if (result.outcome === 'denied') return;
    await server.broker.revokeLease(result.issued.lease.id, { leaseToken: result.issued.leaseToken });
  },
  'revoking all': async (world, server) => {
    await exchange(world, server, { token: 'job-1' });
    await exchange(world, server, { token: 'job-2' });
    await server.broker.revokeLeases({}, 'ann');
  },
  'sweeping what expired': async (world, server) => {
    await exchange(world, server);
    world.clock.advance(601_000);
    await server.sweep();
  },
  'sweeping orphans': async (world, server) => {
    await exchange(world, server);
    await server.sweepOrphans();
  },
};

async function runWith(world: World, scenario: Scenario, fault: Fault | undefined): Promise<TestServer> {
  const server = world.server(createFaultPlan(fault));
  const run = scenario(world, server).catch((error: unknown) => {
    // A store that fails while a lease is managed is the caller's to hear; assertions are ours.
    if (!(error instanceof Error) || !('code' in error) || error.code === 'ERR_ASSERTION') throw error;
  });
  const ended = Promise.race([run, server.faults.died]);
  await vi.advanceTimersByTimeAsync(100_000);
  await ended;
  return server;
}

describe('the life of a lease', () => {
  test.each(Object.entries(scenarios))(
    'ends, whatever breaks at whichever step of %s',
    async (_, scenario) => {
      const steps = (await runWith(createWorld(), scenario, undefined)).faults.steps.length;
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThan(STEPS_MAX);
      for (let step = 0; step < steps; step += 1) {
        for (const mode of faultModes) {
          const world = createWorld();
          await runWith(world, scenario, { step, mode });
          await sweepToTheEnd(world);
          await expectAllEnded(world);
        }
      }
    },
  );

  test('ends, whatever breaks while it is swept', async () => {
    for (let step = 0; step < 8; step += 1) {
      for (const mode of faultModes) {
        const world = createWorld();
        await exchange(world, world.server());
        world.clock.advance(601_000);
        await runWith(world, async (_, server) => void (await server.sweep()), { step, mode });
        await sweepToTheEnd(world);
        await expectAllEnded(world);
      }
    }
  });
});

type Action =
  | { do: 'issue' | 'retry'; job: number; resource: 'shop-db' | 'shop-db-2' | 'registry' | 'cloud' }
  | { do: 'renew'; job: number }
  | { do: 'revoke'; job: number }
  | { do: 'sweep' | 'revoke-all' | 'sweep-orphans' }
  | { do: 'wait'; seconds: number }
  | { do: 'trouble'; kind: 'refuses' | 'unavailable' | 'hangs' | undefined }
  | { do: 'slow'; seconds: number };

const job = fc.integer({ min: 1, max: 4 });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constantFrom('issue' as const, 'retry' as const),
    job,
    resource: fc.constantFrom(
      'shop-db' as const,
      'shop-db-2' as const,
      'registry' as const,
      'cloud' as const,
    ),
  }),
  fc.record({ do: fc.constant('renew' as const), job }),
  fc.record({ do: fc.constant('revoke' as const), job }),
  fc.record({ do: fc.constantFrom('sweep' as const, 'revoke-all' as const, 'sweep-orphans' as const) }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 900 }) }),
  fc.record({
    do: fc.constant('trouble' as const),
    kind: fc.constantFrom('refuses' as const, 'unavailable' as const, 'hangs' as const, undefined),
  }),
  fc.record({ do: fc.constant('slow' as const), seconds: fc.constantFrom(0, 5, 10, 20, 90, 150) }),
);

/** Answers of `issue` are held for so long: some come after everybody has given up on them. */
function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1_000);
  });
}

interface Players {
  servers: readonly TestServer[];
  keys: ReadonlyMap<number, ReturnType<typeof createHolderKey>>;
  leases: Map<number, { id: string; leaseToken: string }>;
}

async function play(world: World, { servers, keys, leases }: Players, action: Action, at: number) {
  const server = servers[at % servers.length] ?? world.server();
  if (action.do === 'wait') world.clock.advance(action.seconds * 1_000);
  else if (action.do === 'trouble') world.backend.trouble = action.kind;
  else if (action.do === 'slow') world.backend.gate = pause(action.seconds);
  else if (action.do === 'sweep') await server.sweep();
  else if (action.do === 'sweep-orphans') await server.sweepOrphans();
  else if (action.do === 'revoke-all') await server.broker.revokeLeases({}, 'ann');
  else if (action.do === 'issue' || action.do === 'retry') {
    const key = keys.get(action.job);
    const target = { name: action.resource };
    const token = `job-${action.job}`;
    const result = await exchange(
      world,
      server,
      action.do === 'retry' && key ? { token, target, key } : { token, target },
    );
    if (result.outcome === 'denied') return;
    leases.set(action.job, { id: result.issued.lease.id, leaseToken: result.issued.leaseToken });
  } else if (action.do === 'renew' || action.do === 'revoke') {
    const lease = leases.get(action.job);
    if (lease === undefined) return;
    if (action.do === 'renew') await server.broker.renewLease(lease.id, lease);
    else await server.broker.revokeLease(lease.id, lease);
  }
}

describe('two servers on one store', () => {
  test('leave nothing behind, whatever they are asked at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        async (rounds) => {
          const world = createWorld();
          const players: Players = {
            servers: [world.server(), world.server()],
            keys: new Map([1, 2, 3, 4].map((each) => [each, createHolderKey(world)])),
            leases: new Map(),
          };
          for (const round of rounds) {
            const all = Promise.all(round.map((each, at) => play(world, players, each, at)));
            await vi.advanceTimersByTimeAsync(61_000);
            await all;
            world.clock.advance(61_000);
          }
          world.backend.trouble = undefined;
          await vi.advanceTimersByTimeAsync(300_000);
          await sweepToTheEnd(world);
          await expectAllEnded(world);
        },
      ),
      { numRuns: 500 },
    );
  }, 60_000);
});
