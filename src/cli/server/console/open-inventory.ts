import type { ConfigurationManager } from '#broker/configuration/configuration-manager.ts';
import { FindingsSection } from '#broker/configuration/findings-section.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import type { FindingTracker } from '#findings/tracking/tracker.ts';
import { createUploadInspector } from '#inventory/inspect-apart.ts';
import { createDefinitionIntake } from '#inventory/take-in-definitions.ts';
import type { ConsoleDependencies } from '#server/console-dependencies.ts';
import type { Storage } from '#storage/storage.ts';
import { readToolVersion } from '../../tool-version.ts';
import type { Timers } from '../timers.ts';

export interface InventoryOptions {
  readonly storage: Storage;
  readonly manager: ConfigurationManager;
  readonly findings: { readonly tracker: FindingTracker };
  readonly clock: Clock;
  readonly log: Logger;
}

export interface OpenedInventory {
  readonly dependencies: Pick<ConsoleDependencies, 'inventory'>;
  work(timers: Timers): void;
  close(): Promise<void>;
}

const PURGE_SECONDS = 3_600;

/** What is known of repositories and their pipelines; nothing of it is loaded before the first upload. */
export function openInventory(options: InventoryOptions): OpenedInventory {
  const { storage, manager, findings, clock, log } = options;
  const store = storage.inventory;
  const inspector = createUploadInspector({ log });
  const standard = FindingsSection.parse({});
  const takeIn = createDefinitionIntake({
    store,
    tracker: findings.tracker,
    inspector,
    defaultBranches: () => (manager.configuration()?.findings ?? standard).defaultBranches,
    toolVersion: readToolVersion(),
    clock,
  });
  return {
    dependencies: { inventory: { store, takeIn } },
    work: (timers) => timers.every(PURGE_SECONDS, 'inventory', () => store.purge()),
    close: () => inspector.close(),
  };
}
