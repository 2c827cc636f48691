import type { DecisionIndexStore } from '#audit/decision-index/ports.ts';
import type { ActivityStore } from '#audit/inputs/ports.ts';
import type {
  ErasureStore,
  EventTextSource,
  LogStore,
  RetentionStore,
  WitnessStore,
} from '#audit/log/ports.ts';
import type { SinkStore } from '#audit/outbox/ports.ts';
import type { EventStore } from '#audit/ports.ts';
import type { ProposalStore } from '#broker/configuration/proposal.ts';
import type { FreezeStore } from '#broker/freeze/freeze.ts';
import type { ConfigurationStore } from '#broker/configuration-store.ts';
import type { BrokerStore } from '#broker/ports.ts';
import type { SealedSecretStore, SigningKeyStore } from '#credentials/ports.ts';
import type { FindingSearch } from '#findings/search/ports.ts';
import type { FindingStore } from '#findings/tracking/ports.ts';
import type { ApiTokenStore, SessionStore } from '#people/ports.ts';
import type { InventoryStore } from '#inventory/ports.ts';

export type LiveLeaseState = 'pending' | 'active' | 'revoking';

/** Everything that lasts. `sqlite/` and `postgres/` implement it; `storage.contract.ts` says what it must do. */
export interface Storage {
  readonly broker: BrokerStore;
  readonly events: EventStore & EventTextSource;
  readonly log: LogStore & ErasureStore & RetentionStore;
  readonly witness: WitnessStore;
  readonly signingKeys: SigningKeyStore;
  readonly sealedSecrets: SealedSecretStore;
  readonly configurations: ConfigurationStore;
  readonly proposals: ProposalStore;
  readonly freezes: FreezeStore;
  readonly sessions: SessionStore;
  readonly apiTokens: ApiTokenStore;
  readonly inventory: InventoryStore;
  readonly findings: FindingStore & FindingSearch;
  readonly sinks: SinkStore;
  readonly activity: ActivityStore;
  readonly decisions: DecisionIndexStore;
  /** For metrics: leases that have not ended, by state, counted up to a bound. */
  countLiveLeases(): Promise<ReadonlyMap<LiveLeaseState, number>>;
  /** For readiness: rejects with {@link StoreError} when a durable write is not possible now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
