import type { TransparencyLog } from '#audit/log/transparency-log.ts';
import type { Witness } from '#audit/log/witness.ts';
import type { SinkStore } from '#audit/outbox/ports.ts';
import type { SinkOverview } from '#audit/outbox/sink-overview.ts';
import type { EventStore } from '#audit/ports.ts';
import type { Broker } from '#broker/broker.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { StoredSealedSecret } from '#credentials/ports.ts';
import type { ReadReportApart } from '#findings/read-report-apart.ts';
import type { PrioritySource } from '#findings/priority/priority-source.ts';
import type { RuleBook } from '#findings/rule-book.ts';
import type { FindingSearch } from '#findings/search/ports.ts';
import type { RuleClasses } from '#findings/tracking/correlate.ts';
import type { FindingStore } from '#findings/tracking/ports.ts';
import type { FindingTracker } from '#findings/tracking/tracker.ts';
import type { ConsoleDependencies } from './console-dependencies.ts';
import type { InputDependencies } from './inputs.ts';
import type { ServerLimits } from './limits.ts';
import type { MetricsDependencies } from './metrics.ts';
import type { SessionStore } from '#people/ports.ts';
import type { TimelineDependencies } from './timeline.ts';

export interface SealedSecrets {
  put(name: string, value: Secret, rotateByMs: number | undefined): Promise<void>;
  list(): Promise<readonly Omit<StoredSealedSecret, 'sealedValue'>[]>;
}

export interface FindingsDependencies {
  store: FindingStore & FindingSearch;
  tracker: FindingTracker;
  /** Apart from the thread that answers, and within limits of time and memory. @throws ImportError */
  readReport: ReadReportApart;
  /** Rules of several tools that look for the same thing. */
  ruleClasses: () => Promise<RuleClasses>;
  /** Our own rules with what they teach; much code, so that it is loaded when somebody asks. */
  ruleBook: () => Promise<RuleBook>;
  priority: PrioritySource;
}

export interface SinkDependencies {
  store: SinkStore;
  /** Lag and state of each: for people and for metrics. */
  list(): Promise<readonly SinkOverview[]>;
}

/** What the server exposes; the composition root makes it. */
export interface ServerDependencies extends ConsoleDependencies {
  broker: Broker;
  events: EventStore;
  transparencyLog: TransparencyLog;
  witness: Witness;
  sinks: SinkDependencies;
  sessions: SessionStore;
  signingKeys: { jwks(): object; readonly issuer: string };
  sealedSecrets: SealedSecrets;
  findings: FindingsDependencies;
  /** Where other systems deliver; without it nobody can. */
  inputs?: InputDependencies;
  timeline?: TimelineDependencies;
  metrics?: MetricsDependencies;
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
