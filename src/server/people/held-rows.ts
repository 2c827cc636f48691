import type { Clock } from '#core/clock.ts';
import { equalTexts } from '#core/equal-texts.ts';

const CACHE_MS = 5_000;
const CACHED_MAX = 1_000;

/** Rows by the hash of their token. What was found may be five seconds old; what was not found is never kept. */
export interface HeldRows<Row> {
  /** `sourceIp` is whom a read is for. */
  find(tokenHash: string, sourceIp: string | undefined): Promise<Row | undefined>;
  /** Takes the place of what was found, until it is read again. */
  keep(row: Row): void;
  /** For what was ended by somebody who does not have the token. */
  forgetAll(): void;
}

export function createHeldRows<Row extends { tokenHash: string }>(
  read: (tokenHash: string, sourceIp: string | undefined) => Promise<Row | undefined>,
  clock: Clock,
): HeldRows<Row> {
  const cache = new Map<string, { row: Row; readAtMs: number }>();
  return {
    async find(tokenHash, sourceIp) {
      const cached = cache.get(tokenHash);
      if (cached !== undefined && clock.nowMs() - cached.readAtMs < CACHE_MS) return cached.row;
      cache.delete(tokenHash);
      const row = await read(tokenHash, sourceIp);
      // A store that compares text loosely must not be enough to get in.
      if (row === undefined || !equalTexts(row.tokenHash, tokenHash)) return undefined;
      if (cache.size >= CACHED_MAX) cache.clear();
      cache.set(tokenHash, { row, readAtMs: clock.nowMs() });
      return row;
    },
    keep(row) {
      const cached = cache.get(row.tokenHash);
      if (cached !== undefined) cached.row = row;
    },
    forgetAll: () => cache.clear(),
  };
}
