import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../event.ts';
import { createEventIndexer, OWN_RECORD } from './index-events.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';

const START_MS = 1_767_225_600_000;

function makeEvent(id: string, overrides: Partial<AuditEvent>): AuditEvent {
  return {
    id,
    timeMs: START_MS,
    type: 'decision.allowed',
    actor: { kind: 'workload', id: 'p' },
    body: {},
    ...overrides,
  };
}

function start(sinceMs = 0) {
  const storage = openMemoryStorage();
  const queries: number[] = [];
  const index = createEventIndexer({
    store: storage.activity,
    events: {
      list: async (filter) => {
        if (filter.decision !== undefined) queries.push(1);
        return storage.events.list(filter);
      },
    },
    clock: { nowMs: () => START_MS },
    sinceMs: () => sinceMs,
  });
  const idsUnder = async (key: string) => {
    const { entries } = await storage.activity.timeline(key, undefined, 1_000);
    return entries.flatMap((entry) => (entry.origin === 'event' ? [entry.event.id] : [])).toSorted();
  };
  return { storage, index, idsUnder, queries };
}

const identity = {
  platform: 'github-actions',
  actor: { id: '7' },
  project: { id: '74' },
  run: { id: '9' },
};

describe('our own record', () => {
  test('is found by every identity that it names', async () => {
    const { storage, index, idsUnder } = start();
    await storage.events.append([
      makeEvent('one', { decision: 'd1', resource: 'db', body: { identity } }),
      makeEvent('two', { actor: { kind: 'person', id: 'admin' }, type: 'session.opened' }),
    ]);
    expect(await index()).toBe(2);
    for (const key of [
      'principal:p',
      'resource:db',
      'decision:d1',
      'actor:github/7',
      'project:github/74',
      'run:github/9',
    ])
      expect(await idsUnder(key)).toEqual(['one']);
    expect(await idsUnder('actor:vouchgate/admin')).toEqual(['two']);
  });

  test('shows the end of a lease under whom it was given to, on the same page or much later', async () => {
    const { storage, index, idsUnder, queries } = start();
    const expired = {
      type: 'lease.expired',
      actor: { kind: 'server', id: 'sweeper' },
      decision: 'd1',
    } as const;
    await storage.events.append([
      makeEvent('one', { decision: 'd1', body: { identity } }),
      makeEvent('two', expired),
    ]);
    await index();
    expect(queries).toEqual([]);
    await storage.events.append([makeEvent('three', expired), makeEvent('four', expired)]);
    await index();
    expect(queries).toHaveLength(1);
    expect(await idsUnder('principal:p')).toEqual(['four', 'one', 'three', 'two']);
    expect(await idsUnder('actor:github/7')).toEqual(['four', 'one', 'three', 'two']);
  });

  test('is gone through once, page after page', async () => {
    const { storage, index, idsUnder } = start();
    await storage.events.append(Array.from({ length: 1_300 }, (_, at) => makeEvent(`e${at}`, {})));
    expect(await index()).toBe(1_300);
    expect(await index()).toBe(1_300);
    expect(await idsUnder('principal:p')).toHaveLength(1_000);
    expect(await storage.activity.cursor(OWN_RECORD)).toMatchObject({ position: '1300' });
  });

  test('is not made findable where it is older than what is kept', async () => {
    const { storage, index, idsUnder } = start(START_MS);
    await storage.events.append([makeEvent('old', { timeMs: START_MS - 1 }), makeEvent('new', {})]);
    expect(await index()).toBe(2);
    expect(await idsUnder('principal:p')).toEqual(['new']);
  });

  test('gives no key to what was erased, or never there', async () => {
    const { storage, index, idsUnder } = start();
    const erased = { ...identity, actor: '[personal]' };
    await storage.events.append([makeEvent('one', { body: { identity: erased } })]);
    await index();
    expect(await idsUnder('actor:github/7')).toEqual([]);
    expect(await idsUnder('principal:p')).toEqual(['one']);
  });
});
