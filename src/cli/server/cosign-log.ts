import { createCosigning, type RemoteWitness } from '#audit/log/cosign-log.ts';
import { type NoteVerifier, parseVerifierKey } from '#audit/log/note-key.ts';
import type { LogStore } from '#audit/log/ports.ts';
import { createTileReader } from '#audit/log/read-tile.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Logger } from '#core/log.ts';

const ANSWER_BYTES_MAX = 100_000;
const TIMEOUT_MS = 10_000;

function parseKeys(keys: readonly string[]): readonly NoteVerifier[] {
  // A key that is none was refused with the configuration.
  return keys.flatMap((key) => parseVerifierKey(key) ?? []);
}

/** The logs that the configuration in force says this server watches over. */
export function witnessedLogs(configuration: Configuration | undefined): readonly NoteVerifier[] {
  return parseKeys(configuration?.witness.logs ?? []);
}

export function witnessesOf(configuration: Configuration | undefined): readonly RemoteWitness[] {
  return (configuration?.log.witnesses ?? []).flatMap(({ key, url }) => {
    const parsed = parseVerifierKey(key);
    return parsed === undefined ? [] : [{ key: parsed, url }];
  });
}

/** Shows new checkpoints to the witnesses of the configuration; the work for a timer. */
export function createLogCosigning(
  store: LogStore,
  configuration: () => Configuration | undefined,
  fetch: BoundedFetch,
  log: Logger,
): () => Promise<void> {
  return createCosigning({
    store,
    log,
    witnesses: () => witnessesOf(configuration()),
    quorum: () => configuration()?.log.quorum ?? 1,
    readTile: createTileReader(store),
    post: (url, body) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body,
        bodyBytesMax: ANSWER_BYTES_MAX,
        timeoutMs: TIMEOUT_MS,
      }),
  });
}
