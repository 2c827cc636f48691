import { Worker } from 'node:worker_threads';
import { messageOf } from '#core/errors.ts';
import type { RootScan } from './scan-files.ts';
import type { SecretsTask, SecretsWorkerData } from './worker-protocol.ts';

export interface ThreadOptions {
  readonly threads: number;
  /** For one task; a team's own expression may never end. */
  readonly timeoutMs: number;
  readonly workerUrl?: URL;
}

const HEAP_MEGABYTES_MAX = 1_024;

/** In the sources, or beside a bundle (`dist/`), where the worker is a bundle of its own. */
function defaultWorkerUrl(): URL {
  const name = import.meta.url.endsWith('.ts') ? './worker.ts' : './secrets-worker.js';
  return new URL(name, import.meta.url);
}

/** What became of one thread: it is done, or it died over a task. */
type Ending = { readonly reason: string } | undefined;

function watchWorker(
  worker: Worker,
  timeoutMs: number,
  done: (index: number, scan: RootScan) => void,
): Promise<Ending> {
  return new Promise((resolve) => {
    let reason: string | undefined;
    const expire = () => {
      reason = `it took more than ${timeoutMs / 1_000} s`;
      void worker.terminate();
    };
    let timer = setTimeout(expire, timeoutMs);
    worker.on('message', ({ index, scan }: { index: number; scan: RootScan }) => {
      clearTimeout(timer);
      timer = setTimeout(expire, timeoutMs);
      done(index, scan);
    });
    worker.on('error', (error) => {
      reason ??= messageOf(error);
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve(reason === undefined ? undefined : { reason });
    });
  });
}

/**
 * Runs tasks on threads of their own; they work from now on, whatever the caller does meanwhile. A task that a thread
 * died over is not in the answer.
 */
export function startThreads(
  tasks: readonly SecretsTask[],
  { threads, timeoutMs, workerUrl = defaultWorkerUrl() }: ThreadOptions,
): Promise<{ readonly scans: ReadonlyMap<number, RootScan>; readonly died: string | undefined }> {
  const scans = new Map<number, RootScan>();
  const workerData: SecretsWorkerData = { tasks, next: new SharedArrayBuffer(4) };
  const endings = Array.from({ length: Math.min(threads, tasks.length) }, () => {
    const worker = new Worker(workerUrl, {
      workerData,
      // Nothing of the environment (secrets among it) or of the flags is of use to this thread.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX },
    });
    return watchWorker(worker, timeoutMs, (index, scan) => void scans.set(index, scan));
  });
  return Promise.all(endings).then((ended) => ({
    scans,
    died: ended.find((each) => each !== undefined)?.reason,
  }));
}
