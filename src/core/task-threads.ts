import { Worker } from 'node:worker_threads';
import { AppError, messageOf } from './errors.ts';

export class TaskThreadError extends AppError<'task_overloaded' | 'task_too_slow' | 'task_failed'> {}

/** Undefined asks the thread to load what it needs, so that the first task need not wait for it. */
export interface TaskRequest<Task> {
  readonly id: number;
  readonly task: Task | undefined;
}

export type TaskAnswer<Outcome> =
  | { readonly id: number; readonly outcome: Outcome | undefined }
  | { readonly id: number; readonly failed: string };

export interface TaskThreadsOptions {
  readonly threads: number;
  /** Tasks that wait for a thread; more are refused at once. */
  readonly waitingMax: number;
  /** What is done, for messages: `inspection`. */
  readonly what: string;
  readonly workerUrl: URL;
  /** A thread that rests so long is ended, and its memory given back; undefined keeps it. */
  readonly idleMs?: number;
  /** `ended`: the thread is gone, out of memory for one; `failed`: the task was too much for the code that does it. */
  readonly onTrouble: (kind: 'ended' | 'failed', error: string) => void;
}

export interface TaskThreads<Task, Outcome> {
  /**
   * Does it beside the main thread. A thread that does not come back until `signal` is aborted is ended: tasks carry
   * the text of strangers.
   * @throws {TaskThreadError}
   */
  run(task: Task, signal: AbortSignal): Promise<Outcome>;
  /** Resolves when the threads have loaded what they need. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

interface Job<Task, Outcome> {
  readonly task: Task | undefined;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (outcome: Outcome | undefined) => void;
  readonly reject: (error: TaskThreadError) => void;
}

const HEAP_MEGABYTES_MAX = 512;
const YOUNG_MEGABYTES_MAX = 32;

const tooSlow = (what: string) =>
  new TaskThreadError('task_too_slow', `the ${what} took longer than its time limit`);

const stopping = () => new TaskThreadError('task_failed', 'the server is stopping');

/** One thread and what it is doing; started anew whenever a task was too much for it. */
class Seat<Task, Outcome> {
  readonly #options: TaskThreadsOptions;
  readonly #done: () => void;
  #worker: Worker | undefined;
  #job: Job<Task, Outcome> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #id = 0;

  constructor(options: TaskThreadsOptions, done: () => void) {
    this.#options = options;
    this.#done = done;
  }

  get isFree(): boolean {
    return this.#job === undefined;
  }

  take(job: Job<Task, Outcome>): void {
    clearTimeout(this.#idle);
    this.#job = job;
    this.#id += 1;
    job.signal?.addEventListener('abort', this.#stop, { once: true });
    const worker = (this.#worker ??= this.#start());
    // Only work keeps the process alive.
    worker.ref();
    const request: TaskRequest<Task> = { id: this.#id, task: job.task };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(request);
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#finish((job) => job.reject(stopping()));
    await worker?.terminate();
  }

  readonly #stop = (): void => {
    this.#end(tooSlow(this.#options.what));
  };

  #start(): Worker {
    const worker = new Worker(this.#options.workerUrl, {
      // Nothing of the environment (secrets among it) or of the flags is of use to this thread.
      env: {},
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX,
        maxYoungGenerationSizeMb: YOUNG_MEGABYTES_MAX,
      },
    });
    worker.on('message', (answer: TaskAnswer<Outcome>) => this.#receive(answer));
    worker.on('error', (error) => {
      if (worker !== this.#worker) return;
      this.#options.onTrouble('ended', messageOf(error));
      this.#end(new TaskThreadError('task_failed', `the ${this.#options.what} ended early`));
    });
    return worker;
  }

  #receive(answer: TaskAnswer<Outcome>): void {
    if (answer.id !== this.#id) return;
    this.#worker?.unref();
    this.#rest();
    this.#finish((job) => {
      if (!('failed' in answer)) return job.resolve(answer.outcome);
      this.#options.onTrouble('failed', answer.failed);
      return job.reject(new TaskThreadError('task_failed', `the ${this.#options.what} failed`));
    });
  }

  #rest(): void {
    const { idleMs } = this.#options;
    if (idleMs === undefined) return;
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      this.#worker = undefined;
      void worker?.terminate();
    }, idleMs).unref();
  }

  /** The thread goes with the job: nobody knows what it is doing. */
  #end(error: TaskThreadError): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    this.#finish((job) => job.reject(error));
  }

  #finish(settle: (job: Job<Task, Outcome>) => void): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    job.signal?.removeEventListener('abort', this.#stop);
    settle(job);
    this.#done();
  }
}

/** Threads that do one task after the other, so that nobody else is blocked by what stands in one. */
export function createTaskThreads<Task, Outcome>(options: TaskThreadsOptions): TaskThreads<Task, Outcome> {
  const { what } = options;
  const waiting: Job<Task, Outcome>[] = [];
  const next = (): void => {
    const seat = seats.find(({ isFree }) => isFree);
    if (seat === undefined) return;
    const job = waiting.shift();
    if (job === undefined) return;
    if (job.signal?.aborted === true) {
      job.reject(tooSlow(what));
      next();
    } else seat.take(job);
  };
  const seats = Array.from({ length: options.threads }, () => new Seat<Task, Outcome>(options, next));

  const enter = (task: Task | undefined, signal?: AbortSignal): Promise<Outcome | undefined> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= options.waitingMax) {
        reject(new TaskThreadError('task_overloaded', `there is no room for another ${what} now`));
        return;
      }
      waiting.push({ task, signal, resolve, reject });
      next();
    });

  return {
    async run(task, signal) {
      const outcome = await enter(task, signal);
      if (outcome !== undefined) return outcome;
      throw new TaskThreadError('task_failed', `the ${what} gave no answer`);
    },
    async ready() {
      await Promise.all(seats.map(() => enter(undefined)));
    },
    async close() {
      for (const job of waiting.splice(0)) job.reject(stopping());
      await Promise.all(seats.map((seat) => seat.close()));
    },
  };
}
