import type { Logger } from '#core/log.ts';
import { createTaskThreads, TaskThreadError } from '#core/task-threads.ts';
import { DefinitionUploadError } from './definition-upload.ts';
import type { InspectionOutcome, InspectionRequest } from './inspect-repository.ts';

/** The body as it came: it is parsed in the thread, too. */
export type InspectionTask = Omit<InspectionRequest, 'files'> & { readonly bytes: Uint8Array };

export type UploadOutcome =
  | ({ readonly kind: 'inspected' } & InspectionOutcome)
  | { readonly kind: 'refused'; readonly code: DefinitionUploadError['code']; readonly message: string };

export interface UploadInspector {
  /** @throws {DefinitionUploadError} */
  inspect(task: InspectionTask): Promise<InspectionOutcome>;
  close(): Promise<void>;
}

export interface UploadInspectorOptions {
  readonly log: Pick<Logger, 'warn'>;
  /** Of one inspection, the wait for a thread included. */
  readonly timeoutMs?: number;
  readonly workerUrl?: URL;
}

const TIMEOUT_MS = 60_000;
const WAITING_MAX = 50;
const IDLE_MS = 60_000;

/** In the sources, or beside a bundle (`dist/`), where the worker is a bundle of its own. */
function defaultWorkerUrl(): URL {
  const name = import.meta.url.endsWith('.ts') ? './worker.ts' : './inventory-worker.js';
  return new URL(name, import.meta.url);
}

/**
 * Inspects uploads in a thread of bounded time and memory: whoever may upload must not be able to keep a server from
 * answering, and what they say about their pipelines themselves counts for nothing.
 */
export function createUploadInspector(options: UploadInspectorOptions): UploadInspector {
  const { log, timeoutMs = TIMEOUT_MS, workerUrl = defaultWorkerUrl() } = options;
  const threads = createTaskThreads<InspectionTask, UploadOutcome>({
    threads: 1,
    waitingMax: WAITING_MAX,
    workerUrl,
    idleMs: IDLE_MS,
    what: 'inspection',
    onTrouble: (kind, error) => log.warn(`inventory.thread_${kind}`, { error }),
  });
  return {
    async inspect(task) {
      const outcome = await run(() => threads.run(task, AbortSignal.timeout(timeoutMs)));
      if (outcome.kind === 'inspected') return outcome;
      throw new DefinitionUploadError(outcome.code, outcome.message);
    },
    close: () => threads.close(),
  };
}

async function run(work: () => Promise<UploadOutcome>): Promise<UploadOutcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TaskThreadError) || error.code === 'task_overloaded') throw error;
    throw new DefinitionUploadError('definitions_too_large', `It was given up: ${error.message}.`, {
      cause: error,
    });
  }
}
