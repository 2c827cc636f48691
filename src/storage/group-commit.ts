import { StoreError } from '#core/store-error.ts';

export interface GroupCommitOptions<Call, Result> {
  /** One durable transaction; results in the order of the calls. One at a time. */
  write(calls: readonly Call[]): Promise<readonly Result[]>;
  /** Calls that share one of these never meet in one batch; the later one waits for the next. */
  exclusiveKeys?(call: Call): readonly string[];
}

interface Waiting<Call, Result> {
  call: Call;
  characters: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

const BATCH_CALLS_MAX = 512;
const BATCH_CHARS_MAX = 4 * 1024 * 1024;
const WAITING_CALLS_MAX = 20_000;
const WAITING_CHARS_MAX = 64 * 1024 * 1024;

/**
 * Many calls, one durable write. While a write is on its way, calls gather; when it returns, all that
 * gathered go next. So a slow disk gives larger batches instead of a longer line, and an idle one answers
 * after a single write; there is no timer to tune.
 *
 * Back-pressure: more than 20,000 calls (or 64 Mi characters) waiting are refused at once with
 * `store_unavailable`, so that a store that hangs costs bounded memory.
 */
export class GroupCommit<Call, Result> {
  readonly #options: GroupCommitOptions<Call, Result>;
  #waiting: Waiting<Call, Result>[] = [];
  #waitingCharacters = 0;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(options: GroupCommitOptions<Call, Result>) {
    this.#options = options;
  }

  submit(call: Call, characters: number): Promise<Result> {
    if (this.#closed) return Promise.reject(closedError());
    if (
      this.#waiting.length >= WAITING_CALLS_MAX ||
      this.#waitingCharacters + characters > WAITING_CHARS_MAX
    ) {
      return Promise.reject(
        new StoreError('store_unavailable', `${this.#waiting.length} writes are waiting for the store.`, {
          remedy: 'Try again shortly; if it lasts, the disk or the database is too slow for this load.',
        }),
      );
    }
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ call, characters, resolve, reject });
      this.#waitingCharacters += characters;
      this.#running ??= this.#run();
    });
  }

  /** Refuses new calls; resolves when those that wait are written or refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // All calls of this turn of the event loop belong to the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#write(this.#take());
    this.#running = undefined;
  }

  #take(): Waiting<Call, Result>[] {
    const taken: Waiting<Call, Result>[] = [];
    const left: Waiting<Call, Result>[] = [];
    const keys = new Set<string>();
    let characters = 0;
    let index = 0;
    for (; index < this.#waiting.length && taken.length < BATCH_CALLS_MAX; index += 1) {
      const next = this.#waiting[index];
      if (next === undefined || (taken.length > 0 && characters + next.characters > BATCH_CHARS_MAX)) break;
      if (!this.#claimKeys(next.call, keys)) {
        left.push(next);
        continue;
      }
      taken.push(next);
      characters += next.characters;
    }
    this.#waiting = left.length === 0 ? this.#waiting.slice(index) : [...left, ...this.#waiting.slice(index)];
    this.#waitingCharacters -= characters;
    return taken;
  }

  #claimKeys(call: Call, keys: Set<string>): boolean {
    const wanted = this.#options.exclusiveKeys?.(call) ?? [];
    if (wanted.some((key) => keys.has(key))) return false;
    for (const key of wanted) keys.add(key);
    return true;
  }

  /** A call that cannot be stored fails the transaction of all: halving finds it, and the others stand. */
  async #write(batch: readonly Waiting<Call, Result>[]): Promise<void> {
    let results: readonly Result[];
    try {
      results = await this.#options.write(batch.map(({ call }) => call));
    } catch (error) {
      if (batch.length > 1 && error instanceof StoreError && error.code === 'store_refused') {
        const middle = Math.ceil(batch.length / 2);
        await this.#write(batch.slice(0, middle));
        await this.#write(batch.slice(middle));
        return;
      }
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const [index, { resolve, reject }] of batch.entries()) {
      const result = results[index];
      if (result === undefined) reject(new StoreError('store_unavailable', 'The store lost an answer.'));
      else resolve(result);
    }
  }
}

export function closedError(): StoreError {
  return new StoreError('store_unavailable', 'The store is closed.', { remedy: 'Start the server again.' });
}
