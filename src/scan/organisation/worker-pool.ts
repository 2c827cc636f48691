import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf } from '#core/errors.ts';
import type { WorkerAnswer, WorkerData, WorkerTask } from './worker-protocol.ts';

export interface PoolOptions {
  /** At most; they are added while tasks go on coming. */
  readonly threads: number;
  readonly threadsAtStart: number;
  readonly data: Omit<WorkerData, 'scratch'>;
  /** A folder in which each thread gets one of its own. */
  readonly scratch: string;
  /** Of one repository. */
  readonly timeoutMs: number;
  readonly workerUrl?: URL;
}

/** So that a thread has the next repository when it is done with one. */
const TASKS_AHEAD = 4;
const HEAP_MEGABYTES_MAX = 320;
const YOUNG_MEGABYTES_MAX = 24;

/** In the sources, or beside a bundle (`dist/`), where the worker is a bundle of its own. */
function defaultWorkerUrl(): URL {
  const name = import.meta.url.endsWith('.ts') ? './worker.ts' : './organisation-worker.js';
  return new URL(name, import.meta.url);
}

function post(worker: Worker, task: WorkerTask): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(task);
}

type Outcome = { readonly answer: WorkerAnswer } | { readonly task: WorkerTask; readonly died: string };

/** One thread, started anew whenever a repository was too much for it. */
class Seat {
  readonly #options: PoolOptions;
  readonly #take: () => WorkerTask | undefined;
  readonly #give: (outcome: Outcome) => void;
  readonly #scratch: string;
  /** The first one is being worked on. */
  readonly #doing: WorkerTask[] = [];
  #timer: NodeJS.Timeout | undefined;
  #late = false;

  constructor(options: PoolOptions, take: () => WorkerTask | undefined, give: (outcome: Outcome) => void) {
    this.#options = options;
    this.#take = take;
    this.#give = give;
    this.#scratch = mkdtempSync(path.join(options.scratch, 'thread-'));
  }

  /** Resolves when there is nothing left to do; starts no thread when there is nothing at all. */
  async run(): Promise<void> {
    while (this.#takeOne()) await this.#runWorker();
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  #takeOne(): boolean {
    const task = this.#doing.length === 0 ? this.#take() : undefined;
    if (task !== undefined) this.#doing.push(task);
    return this.#doing.length > 0;
  }

  #start(): Worker {
    return new Worker(this.#options.workerUrl ?? defaultWorkerUrl(), {
      workerData: { ...this.#options.data, scratch: this.#scratch },
      // Nothing of the environment (secrets among it) or of the flags is of use to this thread.
      env: {},
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX,
        maxYoungGenerationSizeMb: YOUNG_MEGABYTES_MAX,
      },
    });
  }

  #watch(worker: Worker): void {
    clearTimeout(this.#timer);
    if (this.#doing.length === 0) return;
    const [first] = this.#doing;
    const end = (): void => {
      if (this.#doing[0] !== first) return;
      this.#late = true;
      void worker.terminate();
    };
    // This thread may have been busy meanwhile: an answer that waits is taken first.
    this.#timer = setTimeout(() => setImmediate(end), this.#options.timeoutMs);
  }

  #fill(worker: Worker): void {
    while (this.#doing.length < TASKS_AHEAD) {
      const task = this.#take();
      if (task === undefined) break;
      this.#doing.push(task);
      post(worker, task);
    }
    if (this.#doing.length === 0) void worker.terminate();
  }

  async #runWorker(): Promise<void> {
    const worker = this.#start();
    let crash: unknown;
    this.#late = false;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.on('error', (error) => {
      crash = error;
    });
    worker.on('message', (answer: WorkerAnswer) => {
      this.#doing.shift();
      this.#give({ answer });
      this.#fill(worker);
      this.#watch(worker);
    });
    // Also what another thread had waiting when it died.
    for (const task of this.#doing) post(worker, task);
    this.#fill(worker);
    this.#watch(worker);
    await exited;
    clearTimeout(this.#timer);
    const victim = this.#doing.shift();
    if (victim === undefined) return;
    const late = `it took longer than ${this.#options.timeoutMs / 1000} s`;
    this.#give({
      task: victim,
      died: this.#late ? late : `the thread that read it ended (${messageOf(crash)})`,
    });
  }
}

/** A thread takes longer to load the rules and to get fast than to judge a few repositories. */
const TASKS_FOR_A_THREAD = 100;

/** Works through tasks on several threads; `give` is called for each, in the order in which they are done. */
export async function runPool(
  tasks: Iterable<WorkerTask>,
  options: PoolOptions,
  give: (outcome: Outcome) => void,
): Promise<void> {
  const waiting = tasks[Symbol.iterator]();
  const running: Promise<void>[] = [];
  let taken = 0;
  let seats = 0;
  const take = (): WorkerTask | undefined => {
    const next = waiting.next();
    if (next.done === true) return undefined;
    taken += 1;
    if (taken > seats * TASKS_FOR_A_THREAD && seats < options.threads) sit();
    return next.value;
  };
  const sit = (): void => {
    seats += 1;
    running.push(new Seat(options, take, give).run());
  };
  while (seats < Math.min(options.threadsAtStart, options.threads)) sit();
  // Seats are added while others work.
  for (let seat = 0; seat < running.length; seat += 1) await running[seat];
}
