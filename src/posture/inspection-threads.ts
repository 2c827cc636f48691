import { AppError } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { createTaskThreads, TaskThreadError } from '#core/task-threads.ts';
import type { InspectionOutcome, InspectionTask } from './inspection-task.ts';

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

const CODES = {
  task_overloaded: 'inspection_overloaded',
  task_too_slow: 'inspection_too_slow',
  task_failed: 'inspection_failed',
} as const;

/** In the sources, or beside a bundle (`dist/`), where the worker is a bundle of its own. */
function defaultWorkerUrl(): URL {
  const name = import.meta.url.endsWith('.ts') ? './worker.ts' : './posture-worker.js';
  return new URL(name, import.meta.url);
}

function toInspectionError(error: unknown): unknown {
  if (!(error instanceof TaskThreadError)) return error;
  const message = error.code === 'task_overloaded' ? 'too many pipelines are being inspected' : error.message;
  return new InspectionError(CODES[error.code], message, { cause: error });
}

/** Threads that inspect pipelines, so that exchanges are never blocked by what stands in one. */
export function createInspectionThreads(options: InspectionThreadsOptions): InspectionThreads {
  const { log, threads, waitingMax, workerUrl = defaultWorkerUrl() } = options;
  const pool = createTaskThreads<InspectionTask, InspectionOutcome>({
    threads,
    waitingMax,
    workerUrl,
    what: 'inspection',
    onTrouble: (kind, error) =>
      log.warn(kind === 'ended' ? 'posture.thread_ended' : 'posture.inspection_failed', { error }),
  });
  const explain = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } catch (error) {
      throw toInspectionError(error);
    }
  };
  return {
    inspect: (task, signal) => explain(pool.run(task, signal)),
    ready: () => explain(pool.ready()),
    close: () => pool.close(),
  };
}
