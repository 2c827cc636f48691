import { Worker } from 'node:worker_threads';
import { StoreError } from '#core/store-error.ts';
import type { SqlValue } from '../sql-value.ts';
import type { CallResult } from './call.ts';
import { errorOf } from './failure.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './message.ts';

interface Pending<Result> {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface WorkerHostOptions {
  /** Where the worker's program is, in the sources or in a bundle. */
  url: URL;
  settings: WorkerSettings;
  /** Told once about each worker that died. */
  onCrash(error: unknown): void;
}

const READS_MAX = 1_000;
const WRITE_TIMEOUT_MS = 30_000;
const RESTART_MS = 200;
/** The thread holds a batch and a list at a time; the garbage between is collected early rather than kept. */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 };

/** The main thread's side of the store's thread: starts it, starts it again when it dies, and never waits forever. */
export class WorkerHost {
  readonly #options: WorkerHostOptions;
  #worker: Worker | undefined;
  #write: Pending<CallResult[]> | undefined;
  #reads = new Map<number, Pending<SqlValue[][]>>();
  #readId = 0;
  /** A write was given up on, and the thread has still not answered. */
  #hanging = false;
  #closing = false;
  #restart: NodeJS.Timeout | undefined;

  private constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  /** @throws StoreError when the file cannot be opened now */
  static async start(options: WorkerHostOptions): Promise<WorkerHost> {
    const host = new WorkerHost(options);
    await host.#spawn();
    return host;
  }

  /** One batch at a time. @throws StoreError */
  write(cells: readonly SqlValue[]): Promise<CallResult[]> {
    const worker = this.#worker;
    if (worker === undefined || this.#hanging) return Promise.reject(unavailableError());
    return new Promise<CallResult[]>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#hanging = true;
        this.#settleWrite()?.reject(unavailableError());
      }, WRITE_TIMEOUT_MS);
      this.#write = {
        resolve: (results) => {
          clearTimeout(timer);
          resolve(results);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      post(worker, { kind: 'write', cells });
    });
  }

  /** @throws StoreError */
  read(sql: string, values: readonly SqlValue[]): Promise<SqlValue[][]> {
    const worker = this.#worker;
    if (worker === undefined || this.#hanging || this.#reads.size >= READS_MAX) {
      return Promise.reject(unavailableError());
    }
    this.#readId += 1;
    const id = this.#readId;
    return new Promise((resolve, reject) => {
      this.#reads.set(id, { resolve, reject });
      post(worker, { kind: 'read', id, sql, values });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    post(worker, { kind: 'close' });
    await exited;
  }

  #spawn(): Promise<void> {
    const worker = new Worker(this.#options.url, {
      workerData: this.#options.settings,
      // Nothing of the server's environment (secrets among it) or flags is of use to this thread.
      env: {},
      execArgv: [],
      resourceLimits: HEAP_LIMITS,
    });
    return new Promise((resolve, reject) => {
      let crash: unknown;
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'opened') {
          this.#worker = worker;
          this.#hanging = false;
          resolve();
        } else if (message.kind === 'open_failed') {
          reject(errorOf(message.failure, this.#options.settings.path));
        } else {
          this.#receive(message);
        }
      });
      worker.on('error', (error) => {
        crash = error;
      });
      worker.on('exit', () => {
        reject(unavailableError(crash));
        if (this.#worker === worker) this.#lose(crash);
      });
    });
  }

  #receive(message: Exclude<FromWorker, { kind: 'opened' | 'open_failed' }>): void {
    const { path } = this.#options.settings;
    if (message.kind === 'written') this.#answered()?.resolve(message.results);
    else if (message.kind === 'write_failed') this.#answered()?.reject(errorOf(message.failure, path));
    else if (message.kind === 'rows') this.#settleRead(message.id)?.resolve(message.rows);
    else if (message.kind === 'read_failed') {
      this.#settleRead(message.id)?.reject(errorOf(message.failure, path));
    }
  }

  /** The write that an answer belongs to; none when the answer came too late. */
  #answered(): Pending<CallResult[]> | undefined {
    if (!this.#hanging) return this.#settleWrite();
    this.#hanging = false;
    return undefined;
  }

  #settleWrite(): Pending<CallResult[]> | undefined {
    const write = this.#write;
    this.#write = undefined;
    return write;
  }

  #settleRead(id: number): Pending<SqlValue[][]> | undefined {
    const read = this.#reads.get(id);
    this.#reads.delete(id);
    return read;
  }

  /** The thread is gone: what it had is refused, and a new one is started until one can open the file. */
  #lose(crash: unknown): void {
    this.#worker = undefined;
    const error = unavailableError(crash);
    this.#settleWrite()?.reject(error);
    for (const id of this.#reads.keys()) this.#settleRead(id)?.reject(error);
    if (this.#closing) return;
    this.#options.onCrash(crash);
    this.#startAgain();
  }

  #startAgain(): void {
    this.#restart = setTimeout(() => {
      if (!this.#closing) this.#spawn().catch(() => this.#startAgain());
    }, RESTART_MS);
  }
}

function unavailableError(cause?: unknown): StoreError {
  return new StoreError('store_unavailable', 'The thread of the store does not answer.', {
    remedy: 'It is started again by itself; if this lasts, look at the disk.',
    cause,
  });
}

function post(worker: Worker, message: ToWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(message);
}
