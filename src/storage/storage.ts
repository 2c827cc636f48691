import type { ActivityStore } from '#audit/inputs/ports.ts';
import type { ErasureStore, LogStore, WitnessStore } from '#audit/log/ports.ts';
import type { SinkStore } from '#audit/outbox/ports.ts';
import type { EventStore } from '#audit/ports.ts';
import type { ConfigurationStore } from '#broker/configuration-store.ts';
import type { BrokerStore } from '#broker/ports.ts';
import type { SealedSecretStore, SigningKeyStore } from '#credentials/ports.ts';
import type { FindingStore } from '#findings/tracking/ports.ts';
import type { SessionStore } from '#server/ports.ts';

export type LiveLeaseState = 'pending' | 'active' | 'revoking';

/** Everything that lasts. `sqlite/` and `postgres/` implement it; `storage.contract.ts` says what it must do. */
export interface Storage {
  readonly broker: BrokerStore;
  readonly events: EventStore;
  readonly log: LogStore & ErasureStore;
  readonly witness: WitnessStore;
  readonly signingKeys: SigningKeyStore;
  readonly sealedSecrets: SealedSecretStore;
  readonly configurations: ConfigurationStore;
  readonly sessions: SessionStore;
  readonly findings: FindingStore;
  readonly sinks: SinkStore;
  readonly activity: ActivityStore;
  /** For metrics: leases that have not ended, by state, counted up to a bound. */
  countLiveLeases(): Promise<ReadonlyMap<LiveLeaseState, number>>;
  /** For readiness: rejects with {@link StoreError} when a durable write is not possible now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
