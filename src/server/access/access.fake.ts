import { createFreezeSnapshot } from '#broker/freeze/freeze-guard.ts';
import { createFreezeManager } from '#broker/freeze/manage-freezes.ts';
import { createProposalManager } from '#broker/configuration/manage-proposals.ts';
import { countReplay, replayChange } from '#broker/access-use/replay-change.ts';
import { createUseSource } from '#broker/access-use/use-source.ts';
import type { DecisionShape } from '#audit/decision-index/ports.ts';
import type { EventStore } from '#audit/ports.ts';
import type { Configuration, ConfigurationFiles } from '#broker/configuration/configuration.ts';
import { loadConfiguration } from '#broker/configuration/load-configuration.ts';
import type { ConfigurationWriter } from '#broker/configuration/manage-proposals.ts';
import type { Clock } from '#core/clock.ts';
import { isInScope } from '#core/repository-scope.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { AccessDependencies } from './access-dependencies.ts';

export interface TestAccess extends AccessDependencies {
  /** Puts files in force, as a reload does. */
  use(files: ConfigurationFiles): Promise<void>;
  /** Kinds of run that the index knows. */
  shapes: DecisionShape[];
  refreshFreezes(): Promise<void>;
}

/** Everything real but the index of decisions, which holds what a test puts there. */
export function createTestAccess(clock: Clock, events: EventStore, writes: boolean): TestAccess {
  const { proposals: store, freezes: freezeStore } = openMemoryStorage();
  const shapes: DecisionShape[] = [];
  let current: Configuration | undefined;
  const use = async (files: ConfigurationFiles) => {
    const load = await loadConfiguration(files);
    if (!load.ok) throw new Error(JSON.stringify(load.problems));
    current = load.configuration;
  };
  const writer: ConfigurationWriter = {
    async apply({ files }) {
      const changed = new Map(Object.entries(current?.files ?? {}));
      for (const { path, after } of files) {
        if (after === undefined) changed.delete(path);
        else changed.set(path, after);
      }
      await use(Object.fromEntries(changed));
      return 'applied';
    },
  };
  const snapshot = createFreezeSnapshot({ store: freezeStore, clock });
  const uses = createUseSource({
    clock,
    index: {
      shapes: async ({ scope }) => shapes.filter(({ repository }) => isInScope(scope, repository)),
      counts: async () => shapes.map(({ firstMs }) => ({ startMs: firstMs, outcome: 'issued', count: 1 })),
    },
  });
  const proposals = createProposalManager({
    store,
    events,
    configuration: () => current,
    check: (files) => loadConfiguration(files),
    async replay(after) {
      const recorded = await uses.read({ kind: 'all' }, 30);
      if (current === undefined) throw new Error('no configuration');
      return countReplay(30, await replayChange(recorded, current, after));
    },
    writer: writes ? writer : undefined,
    clock,
  });
  return {
    configuration: () => current,
    check: (files) => loadConfiguration(files),
    uses,
    proposals,
    appliedBy: writes ? 'server' : 'checkout',
    freezes: {
      ...createFreezeManager({ store: freezeStore, snapshot, events, clock }),
      inForce: () => snapshot.inForce(),
    },
    formatDiff: (path, before, after) => `--- a/${path}\n+++ b/${path}\n-${before}\n+${after}\n`,
    use,
    shapes,
    refreshFreezes: () => snapshot.refresh(),
  };
}
