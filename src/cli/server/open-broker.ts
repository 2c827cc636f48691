import type { ConfigurationManager } from '#broker/configuration/configuration-manager.ts';
import type { Broker } from '#broker/broker.ts';
import { createBroker } from '#broker/create-broker.ts';
import { createFreezeSnapshot, type FreezeSnapshot } from '#broker/freeze/freeze-guard.ts';
import type { ExchangeDependencies } from '#broker/exchange-dependencies.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import { createLeaseTokens } from '#credentials/lease-tokens.ts';
import type { Storage } from '#storage/storage.ts';
import type { Telemetry } from './telemetry/create-telemetry.ts';

export interface OpenBroker {
  broker: Broker;
  ports: Pick<ExchangeDependencies, 'runtimes' | 'store' | 'events'>;
  freezes: FreezeSnapshot;
}

/** The broker with what is measured around it; what is frozen is known before it is asked the first time. */
export async function openBroker(options: {
  telemetry: Telemetry;
  manager: ConfigurationManager;
  storage: Storage;
  masterKey: Buffer;
  clock: Clock;
  log: Logger;
}): Promise<OpenBroker> {
  const { telemetry, manager, storage, masterKey, clock, log } = options;
  const ports = telemetry.around({ runtimes: manager, store: storage.broker, events: storage.events });
  const leaseTokens = createLeaseTokens(masterKey);
  const freezes = createFreezeSnapshot({ store: storage.freezes, clock });
  await freezes.refresh();
  const broker = createBroker({ ...ports, leaseTokens, freezes, clock, log });
  return { broker: telemetry.aroundBroker(broker), ports, freezes };
}
