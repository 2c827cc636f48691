import { Worker } from 'node:worker_threads';
import { ImportError } from './import-error.ts';
import type { ReadReportOutcome, ReportOutcome, ReportTask } from './report-worker.ts';

export interface ReportReaderOptions {
  readonly timeoutMs?: number;
  /** Heap of the thread that reads. */
  readonly memoryMegabytesMax?: number;
  /** Reports that are read at the same time; others wait. */
  readonly parallel?: number;
}

export type ReadReportApart = (
  name: string,
  bytes: Uint8Array,
  as: string | undefined,
) => Promise<ReadReportOutcome>;

const WAITING_MAX = 100;
const IDLE_MS = 60_000;
const KEEP_BYTES_MAX = 2_000_000;

/** In the sources, or beside a bundle (`dist/`), where the worker is a bundle of its own. */
function workerUrl(): URL {
  const file = import.meta.url.endsWith('.ts') ? './report-worker.ts' : './report-worker.js';
  return new URL(file, import.meta.url);
}

function tooMuch(name: string, what: string, cause?: unknown): ImportError {
  return new ImportError('report_too_large', `${name} takes more ${what} to read than it may`, {
    remedy: 'Split the report, or let the tool leave out what is no finding.',
    cause,
  });
}

/** A large report is handed over instead of copied; a small one may share its memory with other buffers. */
function transferable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

/** A thread that reads one report after the other, until one of them is too much for it. */
class ReaderThread {
  readonly #worker: Worker;
  #idle: NodeJS.Timeout | undefined;

  constructor(memoryMegabytesMax: number) {
    // Nothing of the server's environment (secrets among it) or flags is of use to a parser.
    this.#worker = new Worker(workerUrl(), {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytesMax, maxYoungGenerationSizeMb: 8 },
    });
  }

  /** Rejects when the thread is of no more use; {@link close} it then. */
  read(task: ReportTask, timeoutMs: number): Promise<ReportOutcome> {
    clearTimeout(this.#idle);
    const worker = this.#worker.removeAllListeners();
    worker.ref();
    return new Promise<ReportOutcome>((resolve, reject) => {
      const timer = setTimeout(() => reject(tooMuch(task.name, 'time')), timeoutMs);
      const fail = (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      };
      worker.once('message', (message: ReportOutcome) => {
        clearTimeout(timer);
        resolve(message);
      });
      worker.once('error', (error: Error & { code?: string }) =>
        fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch(task.name, 'memory', error) : error),
      );
      worker.once('exit', (code) => fail(new Error(`the thread that read ${task.name} ended with ${code}`)));
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(task, transferable(task.bytes));
    });
  }

  /** Keeps nothing alive while it waits, and goes when nobody needs it for a while. */
  rest(onGone: () => void): void {
    const gone = () => {
      onGone();
      this.close();
    };
    this.#worker.removeAllListeners().on('error', gone);
    this.#worker.unref();
    this.#idle = setTimeout(gone, IDLE_MS).unref();
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#worker.removeAllListeners().on('error', () => {});
    void this.#worker.terminate();
  }
}

/**
 * Reads reports in threads of their own, so that a large one never keeps a server from answering and a hostile one
 * costs bounded time and memory. The bytes may be handed over to the thread: the caller has no more use of them.
 *
 * @throws ImportError as `readReport` does, and `report_too_large` when it takes too long or too much memory
 */
export function createReportReader(options: ReportReaderOptions = {}): ReadReportApart {
  const { timeoutMs = 60_000, memoryMegabytesMax = 768, parallel = 2 } = options;
  const waiting: (() => void)[] = [];
  const resting = new Set<ReaderThread>();
  let running = 0;
  const enter = async (name: string) => {
    if (running < parallel) {
      running += 1;
      return;
    }
    if (waiting.length >= WAITING_MAX) throw tooMuch(name, 'patience');
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  const readInThread = async (task: ReportTask): Promise<ReportOutcome> => {
    const [thread = new ReaderThread(memoryMegabytesMax)] = resting;
    resting.delete(thread);
    try {
      const outcome = await thread.read(task, timeoutMs);
      // What a large one took is given back at once, and not kept for a small one.
      if (task.bytes.length > KEEP_BYTES_MAX) thread.close();
      else {
        resting.add(thread);
        thread.rest(() => resting.delete(thread));
      }
      return outcome;
    } catch (error) {
      thread.close();
      throw error;
    }
  };
  return async (name, bytes, as) => {
    await enter(name);
    try {
      const outcome = await readInThread({ name, bytes, as });
      if (outcome.kind === 'read') return { report: outcome.report, kinds: outcome.kinds };
      if (outcome.kind === 'failed') throw new Error(outcome.message);
      const { code, message, remedy } = outcome;
      throw new ImportError(code, message, remedy === undefined ? {} : { remedy });
    } finally {
      leave();
    }
  };
}
