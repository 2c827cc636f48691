import type { EventStore } from '#audit/ports.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import type { LeaseTokens } from '#credentials/lease-tokens.ts';
import type { FreezeGuard } from './freeze/freeze-guard.ts';
import type { BrokerStore } from './ports.ts';
import type { RuntimeSource } from './runtime.ts';

/** What an exchange touches outside itself. */
export interface ExchangeDependencies {
  runtimes: RuntimeSource;
  store: BrokerStore;
  events: EventStore;
  leaseTokens: LeaseTokens;
  freezes: FreezeGuard;
  clock: Clock;
  log: Logger;
}
