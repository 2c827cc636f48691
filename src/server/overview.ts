import type { Overview } from '#api/overview.ts';
import type { RepositoryScope } from '#core/repository-scope.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { buildOverview } from './overview/build-overview.ts';
import { type OverviewSources, readOverviewFacts } from './overview/overview-facts.ts';

/** It is asked for by everybody who opens the console, and again and again. */
const FRESH_MS = 5_000;
/** Scopes that are kept: as many teams as look at the same time. */
const SCOPES_MAX = 100;

interface Kept {
  readonly atMs: number;
  readonly overview: Promise<Overview>;
}

/** Who asks while it is made waits for the same; a failure is not kept. */
class OverviewCache {
  readonly #kept = new Map<string, Kept>();
  readonly #make: (scope: RepositoryScope, nowMs: number) => Promise<Overview>;

  constructor(make: (scope: RepositoryScope, nowMs: number) => Promise<Overview>) {
    this.#make = make;
  }

  get(scope: RepositoryScope, nowMs: number): Promise<Overview> {
    const key = JSON.stringify(scope.kind === 'all' ? scope.kind : scope.patterns);
    const kept = this.#kept.get(key);
    if (kept !== undefined && Math.abs(nowMs - kept.atMs) < FRESH_MS) return kept.overview;
    const overview = this.#make(scope, nowMs);
    this.#kept.delete(key);
    this.#kept.set(key, { atMs: nowMs, overview });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > SCOPES_MAX && oldest !== undefined) this.#kept.delete(oldest);
    overview.catch(() => this.#kept.get(key)?.overview === overview && this.#kept.delete(key));
    return overview;
  }
}

type Dependencies = Pick<
  ServerDependencies,
  'findings' | 'inventory' | 'decisions' | 'broker' | 'logStanding' | 'sinks' | 'clock'
>;

export function createOverviewHandlers({
  clock,
  findings,
  inventory,
  ...rest
}: Dependencies): HandlersOf<'getOverview'> {
  const sources: OverviewSources = { ...rest, findings: findings.store, inventory: inventory.store };
  const cache = new OverviewCache(async (scope, nowMs) =>
    buildOverview(await readOverviewFacts(sources, scope, nowMs)),
  );
  return {
    getOverview: async ({ caller }) => ({ value: await cache.get(caller.scope, clock.nowMs()) }),
  };
}
