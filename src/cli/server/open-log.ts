import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import { deriveLogKey, logOriginOf, witnessNameOf } from '#audit/log/log-key.ts';
import { createNoteSigner, type NoteSigner } from '#audit/log/note-key.ts';
import { createTransparencyLog, type TransparencyLog } from '#audit/log/transparency-log.ts';
import { createWitness, type Witness } from '#audit/log/witness.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import type { Storage } from '#storage/storage.ts';
import { createLogCosigning, witnessedLogs } from './cosign-log.ts';
import { createServerPruning, type PruningSettings } from './prune-log.ts';
import { createLogSealing } from './seal-log.ts';
import type { Timers } from './timers.ts';

const SEAL_SECONDS = 0.2;
const COSIGN_SECONDS = 5;
const PRUNE_SECONDS = 10;

export interface OpenLogOptions {
  readonly storage: Storage;
  readonly masterKey: Buffer;
  readonly publicUrl: string;
  readonly configuration: () => Configuration | undefined;
  readonly openFetch: (allowPrivateHosts: readonly string[]) => OpenedFetch;
  readonly clock: Clock;
  readonly log: Logger;
}

interface OpenedFetch {
  readonly fetch: BoundedFetch;
  close(): Promise<void>;
}

/** The log of this server, its witness for others, and the work that both need. */
export interface OpenedLog {
  readonly transparencyLog: TransparencyLog;
  readonly witness: Witness;
  work(timers: Timers): void;
  /** Brings the log up to date now. */
  seal(): Promise<void>;
  close(): Promise<void>;
}

/** What the witnesses are reached with: anew when other hosts may be private. */
function createWitnessFetch({ configuration, openFetch }: OpenLogOptions) {
  let opened: { hosts: string; outside: OpenedFetch } | undefined;
  const fetch: BoundedFetch = async (url, request) => {
    const allowed = configuration()?.allowPrivateHosts ?? [];
    const hosts = JSON.stringify(allowed);
    if (opened?.hosts !== hosts) {
      await opened?.outside.close();
      opened = { hosts, outside: openFetch(allowed) };
    }
    return opened.outside.fetch(url, request);
  };
  return { fetch, close: async () => opened?.outside.close() };
}

/** The keys of one name: that of ML-DSA-44 is made when it is wanted, as not every runtime can. */
function deriveSigners(masterKey: Buffer, purpose: 'log' | 'witness', name: string) {
  let postQuantum: NoteSigner | undefined;
  return {
    signer: createNoteSigner(
      name,
      purpose === 'log' ? 'ed25519' : 'ed25519-cosignature',
      deriveLogKey(masterKey, purpose),
    ),
    postQuantum(isWanted: boolean): NoteSigner | undefined {
      if (!isWanted) return undefined;
      const key = () => deriveLogKey(masterKey, purpose, 'ml-dsa-44');
      return (postQuantum ??= createNoteSigner(name, 'ml-dsa-44-cosignature', key()));
    },
  };
}

function pruningOf(configuration: Configuration | undefined): PruningSettings | undefined {
  if (configuration === undefined) return undefined;
  const { log, sinks } = configuration;
  return { retentionSeconds: log.retention, sinks: sinks.map(({ name }) => name) };
}

export function openLog(options: OpenLogOptions): OpenedLog {
  const { storage, masterKey, publicUrl, configuration, clock, log } = options;
  const own = deriveSigners(masterKey, 'log', logOriginOf(publicUrl));
  const forOthers = deriveSigners(masterKey, 'witness', witnessNameOf(publicUrl));
  const postQuantumKey = () => own.postQuantum(configuration()?.log.postQuantum === true);
  const seal = createLogSealing(storage, own.signer, clock, postQuantumKey);
  const prune = createServerPruning({ storage, clock, log, settings: () => pruningOf(configuration()) });
  const outside = createWitnessFetch(options);
  const cosign = createLogCosigning(storage.log, configuration, outside.fetch, log);
  return {
    transparencyLog: createTransparencyLog({
      store: storage.log,
      events: storage.events,
      key: own.signer,
      postQuantumKey,
      retention: async () => {
        const { minimumIndex } = await storage.log.retained();
        return { minimumIndex, seconds: configuration()?.log.retention };
      },
      witnessed: async () => parseSignedCheckpoint((await storage.log.witnessed()) ?? ''),
    }),
    witness: createWitness({
      store: storage.witness,
      signer: forOthers.signer,
      postQuantum: () => forOthers.postQuantum(configuration()?.witness.postQuantum === true),
      logs: () => witnessedLogs(configuration()),
      clock,
    }),
    work(timers) {
      timers.every(SEAL_SECONDS, 'log', seal);
      timers.every(COSIGN_SECONDS, 'witnesses', cosign);
      timers.every(PRUNE_SECONDS, 'pruning', prune);
    },
    seal,
    async close() {
      await outside.close();
    },
  };
}
