import { describe, expect, it } from 'vitest';
import { toDocument } from '../mapping/document.ts';
import { openProvenLog } from '../sinks/proven-log.fake.ts';
import { compareCopy } from './compare-copy.ts';
import { ORIGIN } from './delivery.fake.ts';

const [SIZE, MINIMUM] = [600, 512];

/** A copy of a whole log, of which the server keeps only the end. */
async function compare(change: (documents: unknown[]) => unknown[]) {
  const log = await openProvenLog(SIZE);
  const documents = change(
    log.events.map((event, index): unknown => toDocument('vouchgate', event, { origin: ORIGIN, index })),
  );
  return compareCopy({
    documents: (async function* () {
      yield* documents;
    })(),
    origin: ORIGIN,
    range: { from: MINIMUM, until: SIZE },
    size: SIZE,
    minimumIndex: MINIMUM,
    parked: new Set(),
    openingsOf: async (bundle) => {
      if (bundle * 256 < MINIMUM) throw new Error('that bundle is not kept any more');
      return log.openingsOf(bundle);
    },
  });
}

describe('the copy of a log that was pruned', () => {
  it('is proven where the log is kept, and the rest of it is neither called added nor missed', async () => {
    expect(await compare((all) => all)).toMatchObject({ proven: 88, pruned: 512, ahead: 0, faultsAll: 0 });
    expect(await compare((all) => all.slice(300))).toMatchObject({ proven: 88, pruned: 212, faultsAll: 0 });
  });

  it('is still found to lack what the log keeps', async () => {
    const found = await compare((all) => all.toSpliced(550, 1));
    expect(found).toMatchObject({ proven: 87, faults: [{ index: 550, problem: 'deleted' }] });
  });
});
