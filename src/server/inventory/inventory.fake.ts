import type { Clock } from '#core/clock.ts';
import type { FindingTracker } from '#findings/tracking/tracker.ts';
import { readUpload } from '#inventory/definition-upload.ts';
import { createDefinitionIntake } from '#inventory/take-in-definitions.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { InventoryDependencies } from './inventory.ts';

/** The real inspection, in this thread, on a store that forgets. */
export function createTestInventory(tracker: FindingTracker, clock: Clock): InventoryDependencies {
  const store = openMemoryStorage().inventory;
  const takeIn = createDefinitionIntake({
    store,
    tracker,
    inspector: {
      inspect: async ({ bytes, ...request }) => {
        // Much code, which few tests need.
        const { inspectRepository } = await import('#inventory/inspect-repository.ts');
        const { rules } = await import('#scan/rules.generated.ts');
        return inspectRepository({ ...request, files: readUpload(bytes) }, rules);
      },
      close: async () => {},
    },
    defaultBranches: () => ['main'],
    toolVersion: '0.0.0',
    clock,
  });
  return { store, takeIn };
}
