import { Worker } from 'node:worker_threads';
import { AppError, messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { InspectionOutcome, InspectionTask } from './inspection-task.ts';
import type { WorkerAnswer, WorkerRequest } from './worker-protocol.ts';

export class InspectionError extends AppError<
  'inspection_overloaded' | 'inspection_too_slow' | 'inspection_failed'
> {}

export interface InspectionThreadsOptions {
  readonly threads: number;
  /** Inspections that wait for a thread; more are refused at once. */
  readonly waitingMax: number;
  readonly log: Pick<Logger, 'warn'>;
  readonly workerUrl?: URL;
}

export interface InspectionThreads {
  /**
   * Judges definitions beside the main thread. A thread that does not come back until `signal` is aborted is ended:
   * definitions are the text of strangers.
   * @throws {InspectionError}
   */
  inspect(task: InspectionTask, signal: AbortSignal): Promise<InspectionOutcome>;
  /** Resolves when the rules are loaded. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

interface Job {
  readonly task: InspectionTask | undefined;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (outcome: InspectionOutcome | undefined) => void;
  readonly reject: (error: InspectionError) => void;
}

const HEAP_MEGABYTES_MAX = 512;
const YOUNG_MEGABYTES_MAX = 32;

/** In the sources, or beside a bundle (`dist/`), where the worker is a bundle of its own. */
function defaultWorkerUrl(): URL {
  const name = import.meta.url.endsWith('.ts') ? './worker.ts' : './posture-worker.js';
  return new URL(name, import.meta.url);
}

function tooSlow(): InspectionError {
  return new InspectionError('inspection_too_slow', 'the inspection took longer than its time limit');
}

/** One thread and what it is doing; started anew whenever a pipeline was too much for it. */
class Seat {
  readonly #options: InspectionThreadsOptions;
  readonly #done: () => void;
  #worker: Worker | undefined;
  #job: Job | undefined;
  #id = 0;

  constructor(options: InspectionThreadsOptions, done: () => void) {
    this.#options = options;
    this.#done = done;
  }

  get isFree(): boolean {
    return this.#job === undefined;
  }

  take(job: Job): void {
    this.#job = job;
    this.#id += 1;
    job.signal?.addEventListener('abort', this.#stop, { once: true });
    const worker = (this.#worker ??= this.#start());
    // Only work keeps the process alive.
    worker.ref();
    const request: WorkerRequest = { id: this.#id, task: job.task };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(request);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#finish((job) => job.reject(new InspectionError('inspection_failed', 'the server is stopping')));
    await worker?.terminate();
  }

  readonly #stop = (): void => {
    this.#end(tooSlow());
  };

  #start(): Worker {
    const worker = new Worker(this.#options.workerUrl ?? defaultWorkerUrl(), {
      // Nothing of the environment (secrets among it) or of the flags is of use to this thread.
      env: {},
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX,
        maxYoungGenerationSizeMb: YOUNG_MEGABYTES_MAX,
      },
    });
    worker.on('message', (answer: WorkerAnswer) => this.#receive(answer));
    worker.on('error', (error) => {
      if (worker !== this.#worker) return;
      this.#options.log.warn('posture.thread_ended', { error: messageOf(error) });
      this.#end(new InspectionError('inspection_failed', 'the inspection ended early'));
    });
    return worker;
  }

  #receive(answer: WorkerAnswer): void {
    if (answer.id !== this.#id) return;
    this.#worker?.unref();
    this.#finish((job) => {
      if (!('failed' in answer)) return job.resolve(answer.outcome);
      this.#options.log.warn('posture.inspection_failed', { error: answer.failed });
      return job.reject(new InspectionError('inspection_failed', 'the inspection failed'));
    });
  }

  /** The thread goes with the job: nobody knows what it is doing. */
  #end(error: InspectionError): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    this.#finish((job) => job.reject(error));
  }

  #finish(settle: (job: Job) => void): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    job.signal?.removeEventListener('abort', this.#stop);
    settle(job);
    this.#done();
  }
}

/** Threads that inspect pipelines, so that exchanges are never blocked by what stands in one. */
export function createInspectionThreads(options: InspectionThreadsOptions): InspectionThreads {
  const waiting: Job[] = [];
  const next = (): void => {
    const seat = seats.find(({ isFree }) => isFree);
    if (seat === undefined) return;
    const job = waiting.shift();
    if (job === undefined) return;
    if (job.signal?.aborted === true) {
      job.reject(tooSlow());
      next();
    } else seat.take(job);
  };
  const seats = Array.from({ length: options.threads }, () => new Seat(options, next));

  const enter = (
    task: InspectionTask | undefined,
    signal?: AbortSignal,
  ): Promise<InspectionOutcome | undefined> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= options.waitingMax) {
        reject(new InspectionError('inspection_overloaded', 'too many pipelines are being inspected'));
        return;
      }
      waiting.push({ task, signal, resolve, reject });
      next();
    });

  return {
    async inspect(task, signal) {
      const outcome = await enter(task, signal);
      if (outcome !== undefined) return outcome;
      throw new InspectionError('inspection_failed', 'the inspection gave no answer');
    },
    async ready() {
      await Promise.all(seats.map(() => enter(undefined)));
    },
    async close() {
      const ending = new InspectionError('inspection_failed', 'the server is stopping');
      for (const job of waiting.splice(0)) job.reject(ending);
      await Promise.all(seats.map((seat) => seat.close()));
    },
  };
}
