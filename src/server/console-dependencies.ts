import type { AccessDependencies } from './access/access-dependencies.ts';
import type { PeopleDependencies } from './people/dependencies.ts';
import type { SignedCheckpoint } from '#audit/log/checkpoint.ts';
import type { LogStanding } from '#audit/log/log-standing.ts';
import type { DecisionIndex } from '#audit/decision-index/ports.ts';
import type { ConfigurationStore } from '#broker/configuration-store.ts';
import type { InventoryDependencies } from './inventory/inventory.ts';

/** What the routes for people need beside the broker and the record; one member for each area. */
export interface ConsoleDependencies {
  access: AccessDependencies;
  inventory: InventoryDependencies;
  people: PeopleDependencies;
  decisions: DecisionIndex;
  logStanding: () => Promise<LogStanding>;
  /** The newest checkpoint that enough witnesses have signed. */
  witnessedCheckpoint: () => Promise<SignedCheckpoint | undefined>;
  /** Policies as they were when they decided. */
  configurations: Pick<ConfigurationStore, 'configurationByPolicyVersion'>;
}
