import { beforeEach, describe, expect, it } from 'vitest';
import type { BrokerStore, Lease, LeaseState } from '#broker/ports.ts';
import { newId } from '#core/ids.ts';
import { makeEvent, makeLease } from '#storage/contract/fixtures.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { createRepositoryReach, type RepositoryReach } from './repository-reach.ts';

const DAY_MS = 86_400_000;

let nowMs: number;
let privileged: Set<string>;
let storage: Storage;
let asked: { leases: number; events: number };
let reach: RepositoryReach;
const clock = { nowMs: () => nowMs };

beforeEach(() => {
  nowMs = 1_700_000_000_000;
  privileged = new Set(['prod']);
  storage = openMemoryStorage();
  asked = { leases: 0, events: 0 };
  reach = createRepositoryReach({
    leases: {
      leases: (filter) => {
        asked.leases += 1;
        return storage.broker.leases(filter);
      },
    },
    events: {
      list: (filter) => {
        asked.events += 1;
        return storage.events.list(filter);
      },
    },
    clock,
    isPrivileged: (resource) => privileged.has(resource),
  });
});

interface Given {
  readonly resource: string;
  readonly path?: string | undefined;
  readonly state?: LeaseState;
  readonly workload?: string;
}

/** A lease and the decision in the record, as an exchange leaves them. */
async function give({ resource, path, state = 'active', workload = `${path}@refs/heads/main` }: Given) {
  nowMs += 1;
  const lease: Lease = makeLease({
    id: newId('lse', clock),
    resource,
    state,
    workload,
    principal: `github/${path}`,
    createdAtMs: nowMs,
  });
  const identity = {
    provider: 'github',
    platform: 'github-actions',
    issuer: 'https://issuer.example',
    subject: 's',
    ...(path !== undefined && { project: { id: '7', path } }),
    claims: {},
  };
  const type = 'decision.issued';
  const event = makeEvent({
    id: newId('evt', clock),
    type,
    decision: lease.decision,
    lease: lease.id,
    body: { identity },
  });
  const replay = {
    tokenKey: lease.id,
    proofKey: undefined,
    holder: undefined,
    decision: lease.decision,
    expiresAtMs: nowMs,
  };
  await storage.broker.commit({ replay, lease, retryKey: undefined, events: [event] });
}

describe('the reach of a repository', () => {
  it('is production after a credential for a privileged resource, credentials after any other', async () => {
    await give({ resource: 'prod', path: 'acme/shop', state: 'expired' });
    await give({ resource: 'logs', path: 'acme/shop' });
    await give({ resource: 'logs', path: 'Acme/Site' });
    await reach.refresh();
    expect(reach.reachOf('Acme/Shop')).toBe('production');
    expect(reach.reachOf('acme/site')).toBe('credentials');
    privileged.clear();
    expect(reach.reachOf('acme/shop')).toBe('credentials');
  });

  it('is unknown where nothing was issued, never none', async () => {
    await give({ resource: 'prod', path: 'acme/failed', state: 'failed' });
    await give({ resource: 'prod', path: 'acme/pending', state: 'pending' });
    await reach.refresh();
    for (const name of ['acme/failed', 'acme/pending', 'acme/other', '__proto__', '']) {
      expect(reach.reachOf(name)).toBe('unknown');
    }
  });

  it('goes by the identity in the record, not by the text for people', async () => {
    await give({ resource: 'prod', path: undefined, workload: 'acme/shop@refs/heads/main' });
    await give({ resource: 'prod', path: 'evil/x', workload: 'acme/shop@refs/heads/main' });
    await reach.refresh();
    expect(reach.reachOf('acme/shop')).toBe('unknown');
    expect(reach.reachOf('evil/x')).toBe('production');
  });

  it('ends 90 days after the last credential', async () => {
    await give({ resource: 'prod', path: 'acme/shop' });
    await reach.refresh();
    nowMs += 89 * DAY_MS;
    await reach.refresh();
    expect(reach.reachOf('acme/shop')).toBe('production');
    nowMs += 2 * DAY_MS;
    await reach.refresh();
    expect(reach.reachOf('acme/shop')).toBe('unknown');
  });

  it('looks only at what is new, and asks the record once for each pipeline', async () => {
    for (let count = 0; count < 2_500; count += 1) await give({ resource: 'logs', path: 'acme/shop' });
    nowMs += DAY_MS;
    await reach.refresh();
    expect(asked).toEqual({ leases: 3, events: 1 });
    nowMs += DAY_MS;
    await give({ resource: 'prod', path: 'acme/shop' });
    await reach.refresh();
    expect(asked).toEqual({ leases: 4, events: 2 });
    expect(reach.reachOf('acme/shop')).toBe('production');
  });

  it('is looked up again from the same place when the store failed', async () => {
    await give({ resource: 'prod', path: 'acme/shop' });
    const { broker, events } = storage;
    let isDown = true;
    const leases: BrokerStore['leases'] = (filter) =>
      isDown ? Promise.reject(new Error('down')) : broker.leases(filter);
    const shaky = createRepositoryReach({ leases: { leases }, events, clock, isPrivileged: () => true });
    await expect(shaky.refresh()).rejects.toThrow('down');
    isDown = false;
    nowMs += DAY_MS;
    await shaky.refresh();
    expect(shaky.reachOf('acme/shop')).toBe('production');
  });
});
