import { describe, expect, it } from 'vitest';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { sampleImport, sampleReported } from '../testing/sample-reported-finding.ts';
import { defaultTrackingSettings } from '../tracking/settings.ts';
import { createFindingTracker } from '../tracking/tracker.ts';
import { refreshRanks } from './refresh-ranks.ts';

async function storeWith(count: number) {
  const store = openMemoryStorage().findings;
  const tracker = createFindingTracker({
    store,
    clock: { nowMs: () => 1_000 },
    settings: () => defaultTrackingSettings,
  });
  const findings = Array.from({ length: count }, (_, line) =>
    sampleReported({ snippet: `${line}`, place: { file: 'a.ts', line: line + 1 } }),
  );
  await tracker.takeIn({
    report: sampleImport(findings),
    name: 'a',
    repository: 'acme/shop',
    actor: { kind: 'person', id: 'admin' },
  });
  return store;
}

describe('ranks', () => {
  it('are worked out again for all, in portions, and written only where they differ', async () => {
    const store = await storeWith(600);
    const rankOf = () => ({ priority: 60, area: 'secrets' }) as const;
    expect(await refreshRanks(store, rankOf)).toBe(600);
    expect(await refreshRanks(store, rankOf)).toBe(0);
    const { found } = await store.search({ areas: ['secrets'] }, { order: 'priority', limit: 1_000 }, 2_000);
    expect(found).toHaveLength(600);
    expect(await refreshRanks(store, () => ({ priority: 60 }))).toBe(600);
    expect((await store.facets({}, 2_000)).facets.area).toEqual([]);
  });
});
