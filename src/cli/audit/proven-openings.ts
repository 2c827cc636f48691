import { createHash } from 'node:crypto';
import { LogBundle } from '#api/log.ts';
import { type EntryOpening, findOpeningFault } from '#audit/log/log-entry.ts';
import type { NoteVerifier } from '#audit/log/note-key.ts';
import type { SignedCheckpoint } from '#audit/log/checkpoint.ts';
import { formatTilePath, splitEntries, TILE_WIDTH } from '#audit/log/tile.ts';
import { type LogFault, type LogFetch, verifyLog } from '#audit/log/verify-log.ts';
import type { AdminClient } from '../client/admin-client.ts';

/** A log that was found to be whole, and what its entries stand for, as far as the log proves it. */
export type ProvenLog =
  | { readonly ok: false; readonly fault: LogFault }
  | {
      readonly ok: true;
      readonly signed: SignedCheckpoint;
      readonly openingsOf: (bundle: number) => Promise<readonly (EntryOpening | null)[]>;
    };

/** Keeps a digest for each bundle: a server that shows other entries later than when it was verified is found out. */
class BundleDigests {
  readonly #digests: string[] = [];
  readonly #first: number;
  #open = createHash('sha256');
  #entries = 0;

  /** @param first the first bundle that entries come from */
  constructor(first: number) {
    this.#first = first;
  }

  add(entry: Buffer): void {
    this.#open.update(`${entry.length}\n`).update(entry);
    this.#entries += 1;
    if (this.#entries % TILE_WIDTH === 0) this.close();
  }

  close(): void {
    this.#digests.push(this.#open.digest('base64'));
    this.#open = createHash('sha256');
  }

  fits(bundle: number, entries: readonly Buffer[]): boolean {
    const digest = createHash('sha256');
    for (const entry of entries) digest.update(`${entry.length}\n`).update(entry);
    return this.#digests[bundle - this.#first] === digest.digest('base64');
  }
}

/** Verifies the whole log first, then shows what its entries stand for, each checked against the entry. */
export async function proveLog(options: {
  readonly client: AdminClient;
  readonly fetch: LogFetch;
  readonly key: NoteVerifier;
  readonly earlier: SignedCheckpoint | undefined;
  /** The first entry that the server says it keeps. */
  readonly minimumIndex: number;
  readonly onProgress?: (done: number, all: number) => void;
}): Promise<ProvenLog> {
  const { client, fetch, key, earlier, minimumIndex, onProgress } = options;
  const digests = new BundleDigests(minimumIndex / TILE_WIDTH);
  const onEntry = (entry: Buffer) => digests.add(entry);
  const verdict = await verifyLog({
    fetch,
    key,
    earlier,
    minimumIndex,
    onEntry,
    ...(onProgress && { onProgress }),
  });
  if (!verdict.ok) return verdict;
  digests.close();
  const { size } = verdict.signed.checkpoint;
  return {
    ok: true,
    signed: verdict.signed,
    async openingsOf(number) {
      const width = Math.min(TILE_WIDTH, size - number * TILE_WIDTH);
      const bytes = await fetch(formatTilePath({ level: 'entries', number, width }));
      const entries = (bytes && splitEntries(bytes, width)) ?? [];
      if (!digests.fits(number, entries)) return entries.map(() => null);
      const path = `/v1/log/bundles/${number}`;
      const { openings } = await client.call({ method: 'GET', path, schema: LogBundle });
      return entries.map((entry, at) => {
        const opening = openings[at];
        return opening && findOpeningFault(entry, opening) === undefined ? opening : null;
      });
    },
  };
}
