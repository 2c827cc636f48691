import type { EventStore } from '#audit/ports.ts';
import type { Broker } from '#broker/broker.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { StoredSealedSecret } from '#credentials/ports.ts';
import type { ServerLimits } from './limits.ts';
import type { SessionStore } from './ports.ts';

export interface SealedSecrets {
  put(name: string, value: Secret, rotateByMs: number | undefined): Promise<void>;
  list(): Promise<readonly Omit<StoredSealedSecret, 'sealedValue'>[]>;
}

/** What the server exposes; the composition root makes it. */
export interface ServerDependencies {
  broker: Broker;
  events: EventStore;
  sessions: SessionStore;
  signingKeys: { jwks(): object; readonly issuer: string };
  sealedSecrets: SealedSecrets;
  /** Rejects when a durable write is not possible now. */
  readiness: () => Promise<void>;
  clock: Clock;
  log: Logger;
  /** Where callers reach us, from the configuration; header fields of a request never say it. */
  publicUrl: string;
  /** CIDR networks whose X-Forwarded-For counts. */
  trustedProxies: readonly string[];
  /** PEM. Without it the server speaks plain HTTP and a proxy does TLS. */
  tls?: { certPem: string; keyPem: Secret };
  limits?: Partial<ServerLimits>;
}
