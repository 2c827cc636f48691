import type { EventStore } from '#audit/ports.ts';
import type { ConfigurationStore } from '#broker/configuration-store.ts';
import type { BrokerStore } from '#broker/ports.ts';
import type { SealedSecretStore, SigningKeyStore } from '#credentials/ports.ts';
import type { SessionStore } from '#server/ports.ts';

/** Everything that lasts. `sqlite/` and `postgres/` implement it; `storage.contract.ts` says what it must do. */
export interface Storage {
  readonly broker: BrokerStore;
  readonly events: EventStore;
  readonly signingKeys: SigningKeyStore;
  readonly sealedSecrets: SealedSecretStore;
  readonly configurations: ConfigurationStore;
  readonly sessions: SessionStore;
  /** For readiness: rejects with {@link StoreError} when a durable write is not possible now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
