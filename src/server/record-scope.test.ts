import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#audit/event.ts';
import { readStoryFor } from './decision-story.ts';
import { eventsInScope } from './record-scope.ts';
import { FakeEventStore } from './stores.fake.ts';

const MINE = { kind: 'some', patterns: ['acme/*'] } as const;
const ALL = { kind: 'all' } as const;
const decision = (count: number) => `dec_${String(count).padStart(26, '0')}`;

function recorded(sequence: number, change: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    id: `evt_${sequence}`,
    timeMs: 1,
    type: 'lease.revoked',
    actor: { kind: 'server', id: 's' },
    body: {},
    sequence,
    ...change,
  };
}

const made = (sequence: number, path: string) =>
  recorded(sequence, {
    type: 'decision.issued',
    decision: decision(sequence),
    body: { identity: { project: { path } } },
  });

const index = {
  repositoriesOf: async (ids: readonly string[]) =>
    new Map(ids.map((id) => [id, id === decision(1) ? 'acme/shop' : 'other/x'])),
};

describe('the record of somebody who may see some repositories', () => {
  const events = [
    made(1, 'acme/shop'),
    made(2, 'other/x'),
    recorded(3, { decision: decision(1) }),
    recorded(4, { decision: decision(2) }),
    recorded(5, { type: 'session.opened', actor: { kind: 'person', id: 'p' } }),
  ];
  const sequencesIn = async (scope: Parameters<typeof eventsInScope>[1]) =>
    (await eventsInScope(events, scope, index)).map(({ sequence }) => sequence);

  it('has the decisions of these, what became of them, and nothing else', async () => {
    expect(await sequencesIn(MINE)).toEqual([1, 3]);
    expect(await sequencesIn({ kind: 'some', patterns: [] })).toEqual([]);
    expect(await sequencesIn(ALL)).toEqual([1, 2, 3, 4, 5]);
  });

  it('answers a decision of others as one that is not there', async () => {
    const store = new FakeEventStore();
    store.recorded.push(...events);
    expect(await readStoryFor(store, decision(1), MINE)).toHaveLength(2);
    expect(await readStoryFor(store, decision(2), ALL)).toHaveLength(2);
    for (const id of [decision(2), decision(9), 'nothing'])
      await expect(readStoryFor(store, id, MINE)).rejects.toMatchObject({ code: 'decision_unknown' });
  });
});
