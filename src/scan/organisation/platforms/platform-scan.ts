import type { OrganisationFinding } from '../organisation-finding.ts';
import type { RepositoryEntry } from '../record.ts';

/** What a platform told of an organisation. */
export interface PlatformOrganisation {
  readonly entries: readonly RepositoryEntry[];
  readonly settings: readonly OrganisationFinding[];
  /** In upper case; undefined when the token may not list them. */
  readonly organisationSecrets: ReadonlySet<string> | undefined;
  /** What was asked for and not told. */
  readonly unknown: readonly string[];
}

/** Names that environments for production have. */
export const PRODUCTION = /prod|live|release|publish|deploy|pypi|npm|registry/i;

/** Says what nobody told, and of how many repositories; one sentence for each thing. */
export class Unknowns {
  readonly #counts = new Map<string, number>();

  add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  get sentences(): string[] {
    return [...this.#counts].map(
      ([what, count]) =>
        `${what}: not known for ${count === 1 ? 'one' : count} of those asked (the token may not read it, or the plan does not have it).`,
    );
  }
}

/** Runs a task for each item, so many at a time, with the results in the order of the items. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  atATime: number,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, worker));
  return results;
}
