import type { EventStore } from '#audit/ports.ts';
import type { BrokerStore, Lease } from '#broker/ports.ts';
import type { Clock } from '#core/clock.ts';
import type { Reach } from '#findings/priority/priority.ts';
import { WorkloadIdentity } from '#identity/workload-identity.ts';

const DAY_MS = 86_400_000;
/** How long what a pipeline got says what it can get. */
const KEPT_MS = 90 * DAY_MS;
/** A lease of another server can be stored after one that is newer. */
const OVERLAP_MS = 5 * 60_000;
const PAGE_ROWS = 1_000;
const LEASES_MAX = 10_000;
const ENTRIES_MAX = 20_000;

export interface RepositoryReachOptions {
  readonly leases: Pick<BrokerStore, 'leases'>;
  readonly events: Pick<EventStore, 'list'>;
  readonly clock: Clock;
  /** By the configuration in force; false for a resource that it does not name any more. */
  readonly isPrivileged: (resource: string) => boolean;
}

export interface RepositoryReach {
  /** Looks at the leases since the last time. */
  refresh(): Promise<void>;
  /** Never `none`: that this server gave nothing does not mean that nobody did. */
  reachOf(repository: string): Reach;
}

/** A pipeline got a credential for a resource. */
interface Access {
  /** As the token named it, in lower case; undefined where it named none, or the record was erased. */
  readonly repository: string | undefined;
  readonly resource: string;
  lastMs: number;
}

/** Did it ever give anybody anything? One that is pending shows as active at the next look. */
function wasIssued({ state }: Lease): boolean {
  return state !== 'failed' && state !== 'pending';
}

class ReachOfLeases implements RepositoryReach {
  readonly #options: RepositoryReachOptions;
  /** By principal, workload and resource; what was used last stands last. */
  readonly #accesses = new Map<string, Access>();
  #resources: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #sinceMs = 0;

  constructor(options: RepositoryReachOptions) {
    this.#options = options;
  }

  async refresh(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const fromMs = Math.max(this.#sinceMs, nowMs - KEPT_MS);
    for (const lease of (await this.#readLeases(fromMs)).toReversed()) await this.#note(lease);
    this.#sinceMs = nowMs - OVERLAP_MS;
    this.#forget(nowMs - KEPT_MS);
    this.#resources = this.#byRepository();
  }

  reachOf(repository: string): Reach {
    const resources = this.#resources.get(repository.toLowerCase());
    if (resources === undefined) return 'unknown';
    return [...resources].some(this.#options.isPrivileged) ? 'production' : 'credentials';
  }

  /** Newest first, so that the bound leaves out the oldest. */
  async #readLeases(fromMs: number): Promise<readonly Lease[]> {
    const found: Lease[] = [];
    for (let beforeId: string | undefined; found.length < LEASES_MAX; ) {
      const before = beforeId === undefined ? {} : { beforeId };
      const page = await this.#options.leases.leases({ ...before, limit: PAGE_ROWS });
      found.push(...page.filter(({ createdAtMs }) => createdAtMs >= fromMs));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS || last.createdAtMs < fromMs) break;
      beforeId = last.id;
    }
    return found.filter(wasIssued);
  }

  async #note(lease: Lease): Promise<void> {
    const { principal, workload, resource, createdAtMs } = lease;
    const key = JSON.stringify([principal, workload, resource]);
    const known = this.#accesses.get(key);
    const access = known ?? { repository: await this.#repositoryOf(lease), resource, lastMs: createdAtMs };
    access.lastMs = Math.max(access.lastMs, createdAtMs);
    this.#accesses.delete(key);
    this.#accesses.set(key, access);
  }

  /** From the identity in the record: what the lease says of its workload is a text for people. */
  async #repositoryOf({ decision }: Lease): Promise<string | undefined> {
    const [event] = await this.#options.events.list({
      decision,
      types: ['decision.allowed', 'decision.issued'],
      limit: 1,
    });
    const identity = WorkloadIdentity.safeParse(event?.body['identity']);
    return identity.data?.project?.path?.toLowerCase();
  }

  #forget(beforeMs: number): void {
    let tooMany = this.#accesses.size - ENTRIES_MAX;
    for (const [key, { lastMs }] of this.#accesses) {
      if (lastMs < beforeMs || tooMany > 0) this.#accesses.delete(key);
      tooMany -= 1;
    }
  }

  #byRepository(): ReadonlyMap<string, ReadonlySet<string>> {
    const resources = new Map<string, Set<string>>();
    for (const { repository, resource } of this.#accesses.values()) {
      if (repository === undefined) continue;
      const known = resources.get(repository) ?? new Set();
      resources.set(repository, known.add(resource));
    }
    return resources;
  }
}

/** What pipelines of a repository got from this server, in memory; 10,000 leases at a look, 90 days. */
export function createRepositoryReach(options: RepositoryReachOptions): RepositoryReach {
  return new ReachOfLeases(options);
}
