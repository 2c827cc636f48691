import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../storage.ts';
import { makeEvent, makeIntent, type OpenHarness, type StorageHarness } from './fixtures.ts';

export function describeEventTexts(open: OpenHarness): void {
  describe('texts of events, for the sealer', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    const texts = (afterSequence = 0, limit = 1_000) => storage.events.texts({ afterSequence, limit });
    const listed = async () =>
      (await storage.events.list({ afterSequence: 0, limit: 1_000 })).map(({ sequence, ...event }) => ({
        sequence,
        text: JSON.stringify(event),
      }));

    it('are those of the record, however they came into it and however often they are asked for', async () => {
      await storage.events.append([makeEvent(), makeEvent({ body: { hostile: '\0\u{d800}"\\\u{1f600}é' } })]);
      const intent = makeIntent({ token: 'one' });
      await storage.broker.commit(intent);
      await storage.broker.transition(intent.lease.id, ['active'], { state: 'revoked' }, [
        makeEvent({ type: 'lease.revoked' }),
      ]);
      // Refused: what belongs to it is not in the record.
      await storage.broker.commit(makeIntent({ token: 'one' }));
      const record = await listed();
      expect(record).toHaveLength(4);
      expect(await texts()).toEqual(record);
      expect(await texts()).toEqual(record);
      expect(await texts(record[1]?.sequence, 1)).toEqual(record.slice(2, 3));
      expect(await texts(record[3]?.sequence)).toEqual([]);
      expect(await texts(0, 0)).toEqual([]);
    });

    it('are complete, whether they came by commits, in batches, or both', async () => {
      const commit = (count: number) =>
        Promise.all(
          Array.from({ length: count }, (_, at) =>
            storage.broker.commit(
              makeIntent({ events: Array.from({ length: 1 + (at % 3) }, () => makeEvent()) }),
            ),
          ),
        );
      const seen: { sequence: number; text: string }[] = [];
      const follow = async (limit: number) => {
        const page = await texts(seen.at(-1)?.sequence, limit);
        seen.push(...page);
      };
      await commit(5);
      await follow(4);
      await Promise.all([commit(7), storage.events.append([makeEvent()]), commit(7)]);
      await follow(3);
      await storage.events.append([makeEvent(), makeEvent()]);
      await commit(4);
      await follow(100);
      await commit(2);
      await follow(1_000);
      expect(seen).toEqual(await listed());
    });

    it('are read where they are not remembered, between others that are', async () => {
      await storage.events.append(Array.from({ length: 4 }, () => makeEvent()));
      await texts(1, 2);
      const { id, ...rest } = makeEvent({ body: { late: true } });
      // Its text does not begin with its id.
      await storage.events.append([makeEvent(), { ...rest, id }, makeEvent()]);
      expect(await texts()).toEqual(await listed());
    });

    it('are those that were kept, after a restart', async () => {
      if (harness.reopen === undefined) return;
      await storage.events.append([makeEvent(), makeEvent({ body: { z: 1, a: [{}, null, 'é'] } })]);
      const before = await listed();
      storage = await harness.reopen();
      expect(await texts()).toEqual(before);
    });
  });
}
