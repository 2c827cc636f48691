import type { DecisionIndex, DecisionShape } from '#audit/decision-index/ports.ts';
import type { Clock } from '#core/clock.ts';
import type { RepositoryScope } from '#core/repository-scope.ts';
import type { RecordedUse } from '#policy/recorded-use.ts';
import { mergeUses, readUse } from './recorded-use.ts';

/** Kinds of run that are kept at hand; the index gives the most recently seen. */
const SHAPES_MAX = 1_000;
const DAY_MS = 86_400_000;
/** A page, its replay and its suggestions ask for the same within seconds. */
const KEPT_MS = 5_000;
const KEPT_MAX = 20;

/** What was asked for in a period, kind of run by kind of run. */
export interface RecordedUses {
  fromMs: number;
  days: number;
  /** Days since the first decision in the period, at most `days`: how much was seen of it. */
  daysSeen: number;
  uses: readonly RecordedUse[];
  /** Kinds of which the person who started them is erased. */
  erased: number;
  /** Runs that are not among the uses. */
  unreadable: number;
  unverified: number;
  /** True when there were more kinds than are kept at hand. */
  isCut: boolean;
}

export interface UseSource {
  read(scope: RepositoryScope, days: number): Promise<RecordedUses>;
}

export function createUseSource({
  index,
  clock,
}: {
  index: Pick<DecisionIndex, 'shapes' | 'counts'>;
  clock: Clock;
}): UseSource {
  const kept = new Map<string, { atMs: number; uses: Promise<RecordedUses> }>();

  const readNow = async (scope: RepositoryScope, days: number): Promise<RecordedUses> => {
    const nowMs = clock.nowMs();
    const fromMs = nowMs - days * DAY_MS;
    const filter = { scope, fromMs };
    const [shapes, counts] = await Promise.all([
      index.shapes(filter, SHAPES_MAX),
      index.counts(filter, 'day'),
    ]);
    const firstMs = Math.min(nowMs, ...counts.map(({ startMs }) => startMs));
    const daysSeen = Math.min(days, Math.ceil((nowMs - firstMs) / DAY_MS));
    return { fromMs, days, daysSeen, isCut: shapes.length >= SHAPES_MAX, ...sortShapes(shapes) };
  };

  return {
    read(scope, days) {
      const key = JSON.stringify([scope, days]);
      const nowMs = clock.nowMs();
      const known = kept.get(key);
      if (known !== undefined && nowMs - known.atMs < KEPT_MS) return known.uses;
      const uses = readNow(scope, days);
      uses.catch(() => kept.delete(key));
      kept.delete(key);
      kept.set(key, { atMs: nowMs, uses });
      const [oldest] = kept.keys();
      if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      return uses;
    },
  };
}

function sortShapes(
  shapes: readonly DecisionShape[],
): Pick<RecordedUses, 'uses' | 'erased' | 'unreadable' | 'unverified'> {
  const uses: RecordedUse[] = [];
  const counts = { erased: 0, unreadable: 0, unverified: 0 };
  for (const shape of shapes) {
    const read = readUse(shape);
    if (!read.ok) counts[read.why] += shape.count;
    else {
      uses.push(read.use);
      if (read.erased) counts.erased += 1;
    }
  }
  return { uses: mergeUses(uses), ...counts };
}
