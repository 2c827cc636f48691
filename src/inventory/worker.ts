import { enableCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '#core/errors.ts';
import type { TaskAnswer, TaskRequest } from '#core/task-threads.ts';
import { DefinitionUploadError, readUpload } from './definition-upload.ts';
import type { InspectionTask, UploadOutcome } from './inspect-apart.ts';

// What the main thread has compiled already is read, not compiled again.
enableCompileCache();

/** A second or so of loading: done once, when the thread is started. */
async function load() {
  const [{ inspectRepository }, { rules }] = await Promise.all([
    import('./inspect-repository.ts'),
    import('#scan/rules.generated.ts'),
  ]);
  return { inspectRepository, rules };
}
const loading = load();

async function inspect({ bytes, ...request }: InspectionTask): Promise<UploadOutcome> {
  try {
    const files = readUpload(bytes);
    const { inspectRepository, rules } = await loading;
    return { kind: 'inspected', ...inspectRepository({ ...request, files }, rules) };
  } catch (error) {
    if (!(error instanceof DefinitionUploadError)) throw error;
    return { kind: 'refused', code: error.code, message: error.message };
  }
}

function send(answer: TaskAnswer<UploadOutcome>): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer);
}

async function answer({ id, task }: TaskRequest<InspectionTask>): Promise<void> {
  try {
    send({ id, outcome: task === undefined ? undefined : await inspect(task) });
  } catch (error) {
    send({ id, failed: messageOf(error) });
  }
}

parentPort?.on('message', (request: TaskRequest<InspectionTask>) => void answer(request));
