import type { AuditEvent, RecordedEvent } from '#audit/event.ts';
import type {
  ErasureStore,
  LogHead,
  LogStore,
  RetentionStore,
  SealedBundle,
  WitnessStore,
} from '#audit/log/ports.ts';

/** What the log does to the record. */
export interface MemoryRecord {
  replace(event: RecordedEvent): void;
  /** Gives the sequence. */
  append(event: AuditEvent): number;
  removeUpTo(sequence: number): void;
}

export function createMemoryLogStore(record: MemoryRecord): LogStore & ErasureStore & RetentionStore {
  const retained = { minimumIndex: 0, plannedIndex: 0, plannedSequence: 0 };
  let current: LogHead = { size: 0, lastSequence: 0, checkpoint: undefined, signedAtMs: 0, erasures: 0 };
  const tiles = new Map<string, Buffer>();
  const bundles = new Map<number, SealedBundle>();
  let sealer = { server: '', untilMs: 0 };
  let kept: { checkpoint: string; size: number } | undefined;
  return {
    lead: async (server, nowMs, untilMs) => {
      if (sealer.server !== server && sealer.untilMs >= nowMs) return false;
      sealer = { server, untilMs };
      return true;
    },
    head: async () => current,
    grow: async (growth) => {
      if (growth.fromSize !== current.size || growth.head.erasures !== current.erasures) return false;
      for (const { address, hashes } of growth.tiles)
        tiles.set(`${address.level}/${address.number}`, Buffer.concat(hashes));
      for (const bundle of growth.bundles) bundles.set(bundle.number, structuredClone(bundle));
      current = growth.head;
      return true;
    },
    erase: async ({ event, bundle: number, salts }) => {
      const bundle = bundles.get(number);
      record.replace(event);
      if (bundle !== undefined) bundles.set(number, { ...bundle, salts: Buffer.from(salts) });
      current = { ...current, erasures: current.erasures + 1 };
    },
    retained: async () => {
      const { minimumIndex, plannedIndex } = retained;
      return { minimumIndex, plannedIndex };
    },
    planPruning: async ({ fromIndex, toIndex, event }) => {
      const { minimumIndex, plannedIndex } = retained;
      if (minimumIndex !== fromIndex || plannedIndex !== minimumIndex) return false;
      retained.plannedIndex = toIndex;
      retained.plannedSequence = record.append(event);
      return true;
    },
    prune: async ({ fromIndex, toIndex, fromBundle, toBundle, lastSequence }) => {
      const { minimumIndex, plannedIndex, plannedSequence } = retained;
      const announced = plannedIndex >= toIndex && plannedSequence <= current.lastSequence;
      if (minimumIndex !== fromIndex || !announced) return false;
      retained.minimumIndex = toIndex;
      for (let number = fromBundle; number < toBundle; number += 1) bundles.delete(number);
      record.removeUpTo(lastSequence);
      return true;
    },
    witnessed: async () => kept?.checkpoint,
    keepWitnessed: async (checkpoint, size) => {
      if (size > (kept?.size ?? 0)) kept = { checkpoint, size };
    },
    tile: async (level, number) => tiles.get(`${level}/${number}`),
    bundle: async (number) => structuredClone(bundles.get(number)),
    bundleOfSequence: async (sequence) => {
      const before = [...bundles.values()].filter(({ sequences: [first = 0] }) => first <= sequence);
      const last = before.toSorted((one, other) => one.number - other.number).at(-1);
      return structuredClone(last);
    },
  };
}

export function createMemoryWitnessStore(): WitnessStore {
  const heads = new Map<string, { size: number; root: Uint8Array }>();
  return {
    lastWitnessed: async (origin) => structuredClone(heads.get(origin)),
    witness: async (origin, fromSize, head) => {
      if ((heads.get(origin)?.size ?? 0) !== fromSize) return false;
      heads.set(origin, structuredClone(head));
      return true;
    },
  };
}
