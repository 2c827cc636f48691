import { FindingError } from './finding-error.ts';
import type { FindingChange, FindingStore } from './ports.ts';

/** Somebody else's change comes between; so often in a row it does not. */
const ATTEMPTS_MAX = 20;

/** What is to be written, and what the caller is told when it was. */
export interface PreparedChange<Result> {
  readonly change: FindingChange;
  readonly result: Result;
}

/** Lets the changes of one repository follow one another, within this process and among servers. */
export class RepositoryChanges {
  readonly #store: FindingStore;
  /** Within this process they take turns, so that they do not undo each other's work. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(store: FindingStore) {
    this.#store = store;
  }

  /**
   * Lays out a change and writes it; again from the start when another server was faster.
   *
   * @throws FindingError `findings_busy`
   */
  run<Result>(
    repository: string,
    prepare: (version: number) => Promise<PreparedChange<Result>>,
  ): Promise<Result> {
    return this.#inTurn(repository, () => this.#retry(repository, prepare));
  }

  async #retry<Result>(
    repository: string,
    prepare: (version: number) => Promise<PreparedChange<Result>>,
  ): Promise<Result> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const { change, result } = await prepare(await this.#store.version(repository));
      if (change.findings.length === 0 && change.report === undefined) return result;
      if (await this.#store.commit(change)) return result;
    }
    throw new FindingError('findings_busy', `The findings of ${repository} change too fast.`, {
      remedy: 'Try again in a moment; nothing was stored.',
    });
  }

  async #inTurn<Result>(repository: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#turns.get(repository) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#turns.set(repository, mine);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(repository) === mine) this.#turns.delete(repository);
    }
  }
}
