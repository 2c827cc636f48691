import { describe, expect, it } from 'vitest';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { AuditEvent } from '../event.ts';
import { createDecisionProjector } from './project-decisions.ts';

const ALL = { scope: ALL_REPOSITORIES } as const;
const NOW_MS = 1_700_000_000_000;

function event(count: number, type: AuditEvent['type'], change: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: `evt_${count}`,
    timeMs: NOW_MS + count,
    type,
    actor: { kind: 'workload', id: 'github/x' },
    decision: `dec_${count}`,
    body: {},
    ...change,
  };
}

const issued = (count: number) => event(count, 'decision.issued');

function setUp() {
  const storage = openMemoryStorage();
  const time = { nowMs: NOW_MS };
  const start = (server: string) =>
    createDecisionProjector({
      index: storage.decisions,
      events: storage.events,
      clock: { nowMs: () => time.nowMs },
      server,
    });
  const count = async () => (await storage.decisions.search(ALL, { limit: 1_000 })).length;
  return { storage, time, start, count };
}

describe('the projector of decisions', () => {
  it('takes in what is new, and nothing twice', async () => {
    const { storage, start, count } = setUp();
    const project = start('a');
    expect(await project()).toBe(0);
    await storage.events.append([issued(1), event(2, 'session.opened'), issued(3)]);
    expect(await project()).toBe(3);
    expect(await project()).toBe(3);
    expect(await count()).toBe(2);
  });

  it('goes on where another process stopped', async () => {
    const { storage, start, count, time } = setUp();
    await storage.events.append(Array.from({ length: 300 }, (_, at) => issued(at)));
    await start('a')();
    await storage.events.append([issued(300)]);
    time.nowMs += 60_000;
    expect(await start('b')()).toBe(301);
    expect(await count()).toBe(301);
  });

  it('brings in a long backlog in bounded turns', async () => {
    const { storage, start } = setUp();
    await storage.events.append(Array.from({ length: 1_500 }, (_, at) => issued(at)));
    const project = start('a');
    expect(await project()).toBe(1_000);
    expect(await project()).toBe(1_500);
  });

  it('rests between the stretches of a backlog, and not when there is none', async () => {
    const { storage, time } = setUp();
    const rests: number[] = [];
    const { decisions: index, events } = storage;
    const slow = {
      list: async (filter: Parameters<typeof events.list>[0]) => {
        time.nowMs += 30;
        return events.list(filter);
      },
    };
    const clock = { nowMs: () => time.nowMs };
    const rest = async (tookMs: number) => rests.push(tookMs);
    const project = createDecisionProjector({ index, events: slow, clock, server: 'a', rest });
    await events.append(Array.from({ length: 450 }, (_, at) => issued(at)));
    await project();
    expect(rests).toEqual([30, 30]);
    await events.append([issued(450)]);
    await project();
    expect(rests).toHaveLength(2);
  });

  it('leaves the work to the server that does it, until that has gone silent', async () => {
    const { storage, start, time, count } = setUp();
    const [first, second] = [start('a'), start('b')];
    await storage.events.append([issued(1)]);
    await first();
    await storage.events.append([issued(2)]);
    expect(await second()).toBe(1);
    time.nowMs += 5_001;
    expect(await second()).toBe(2);
    expect(await first()).toBe(2);
    expect(await count()).toBe(2);
  });

  it('counts each once when several begin at the same moment', async () => {
    const { storage, start, count } = setUp();
    await storage.events.append(Array.from({ length: 900 }, (_, at) => issued(at)));
    await Promise.all(['a', 'b', 'c'].map((server) => start(server)()));
    expect(await count()).toBe(900);
    expect(await storage.decisions.counts(ALL, 'day')).toMatchObject([{ count: 900 }]);
  });

  it('ends a decision of an earlier stretch, and forgets who was erased', async () => {
    const { storage, start } = setUp();
    const project = start('a');
    const body = { identity: { actor: { login: 'octo' }, project: { path: 'acme/shop' } } };
    await storage.events.append([event(1, 'decision.allowed', { body })]);
    await project();
    expect(await storage.decisions.find('dec_1')).toMatchObject({ outcome: 'allowed', actor: 'octo' });
    await storage.events.append([
      event(2, 'credential.issued', { decision: 'dec_1' }),
      event(3, 'event.erased', { body: { sequence: 1 } }),
    ]);
    await project();
    const found = await storage.decisions.find('dec_1');
    expect(found).toMatchObject({ outcome: 'issued', changed: 2 });
    expect(found?.actor).toBeUndefined();
  });

  it('does not bring back a person when it comes to the event after the erasure', async () => {
    const { storage, start } = setUp();
    const body = { identity: { actor: { login: '[personal]', id: '[personal]' } } };
    await storage.events.append([event(1, 'decision.issued', { body })]);
    await start('a')();
    expect((await storage.decisions.find('dec_1'))?.actor).toBeUndefined();
  });
});
