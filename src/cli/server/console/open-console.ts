import type { ConfigurationManager } from '#broker/configuration/configuration-manager.ts';
import type { FreezeSnapshot } from '#broker/freeze/freeze-guard.ts';
import type { Broker } from '#broker/broker.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { FindingTracker } from '#findings/tracking/tracker.ts';
import type { ConsoleDependencies } from '#server/console-dependencies.ts';
import type { Storage } from '#storage/storage.ts';
import type { Timers } from '../timers.ts';
import type { EditableFolder } from '../editable-folder.ts';
import { openAccess } from './open-access.ts';
import { openDecisions } from './open-decisions.ts';
import { openInventory } from './open-inventory.ts';
import { openPeople } from './open-people.ts';

export interface ConsoleOptions {
  readonly freezes: FreezeSnapshot;
  readonly editable?: EditableFolder | undefined;
  readonly storage: Storage;
  readonly findings: { readonly tracker: FindingTracker };
  readonly manager: ConfigurationManager;
  readonly broker: Broker;
  readonly publicUrl: string;
  readonly masterKey: Buffer;
  /** Where the built console lies; without it the API is all there is. */
  readonly consoleFolder?: string | undefined;
  readonly openFetch: (allowPrivateHosts: readonly string[]) => {
    fetch: BoundedFetch;
    close(): Promise<void>;
  };
  readonly resolveSecret: (reference: SecretReference) => Promise<Secret>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface OpenConsole {
  readonly dependencies: ConsoleDependencies;
  work(timers: Timers): void;
  close(): Promise<void>;
}

/** What people see and do: beside the exchange, never in its way. */
export function openConsole(options: ConsoleOptions): OpenConsole {
  const decisions = openDecisions(options);
  const inventory = openInventory(options);
  const access = openAccess(options);
  const people = openPeople(options);
  return {
    dependencies: {
      ...people.dependencies,
      ...decisions.dependencies,
      ...inventory.dependencies,
      ...access.dependencies,
    },
    work: (timers) => {
      decisions.work(timers);
      inventory.work(timers);
      access.work(timers);
      people.work(timers);
    },
    close: async () => {
      await inventory.close();
      await people.close();
    },
  };
}
