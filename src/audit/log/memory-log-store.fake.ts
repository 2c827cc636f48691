import type { RecordedEvent } from '../event.ts';
import type { ErasureStore, LogGrowth, LogHead, LogStore, SealedBundle } from './ports.ts';
import { joinHashes } from './tile.ts';

/** A log store in memory, for tests: it keeps the promises of the port and can be tampered with. */
export class MemoryLogStore implements LogStore, ErasureStore {
  /** What the record is asked to keep instead of what it had. */
  readonly erased: RecordedEvent[] = [];
  current: LogHead = { size: 0, lastSequence: 0, checkpoint: undefined, signedAtMs: 0, erasures: 0 };
  readonly tiles = new Map<string, Buffer>();
  readonly bundles = new Map<number, SealedBundle>();

  head(): Promise<LogHead> {
    return Promise.resolve(this.current);
  }

  lead(): Promise<boolean> {
    return Promise.resolve(true);
  }

  grow({ fromSize, head, tiles, bundles }: LogGrowth): Promise<boolean> {
    if (fromSize !== this.current.size || head.erasures !== this.current.erasures)
      return Promise.resolve(false);
    for (const { address, hashes } of tiles)
      this.tiles.set(`${address.level}/${address.number}`, joinHashes(hashes));
    for (const bundle of bundles) this.bundles.set(bundle.number, structuredClone(bundle));
    this.current = head;
    return Promise.resolve(true);
  }

  erase({ event, bundle: number, salts }: Parameters<ErasureStore['erase']>[0]): Promise<void> {
    const bundle = this.bundles.get(number);
    if (bundle !== undefined) this.bundles.set(number, { ...bundle, salts: Buffer.from(salts) });
    this.erased.push(event);
    this.current = { ...this.current, erasures: this.current.erasures + 1 };
    return Promise.resolve();
  }

  kept: { checkpoint: string; size: number } | undefined;

  witnessed(): Promise<string | undefined> {
    return Promise.resolve(this.kept?.checkpoint);
  }

  keepWitnessed(checkpoint: string, size: number): Promise<void> {
    if (size > (this.kept?.size ?? 0)) this.kept = { checkpoint, size };
    return Promise.resolve();
  }

  tile(level: number, number: number): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.tiles.get(`${level}/${number}`));
  }

  bundle(number: number): Promise<SealedBundle | undefined> {
    return Promise.resolve(this.bundles.get(number));
  }

  bundleOfSequence(sequence: number): Promise<SealedBundle | undefined> {
    return Promise.resolve([...this.bundles.values()].find(({ sequences }) => sequences.includes(sequence)));
  }
}
