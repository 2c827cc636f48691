import { enableCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '#core/errors.ts';
import type { WorkerAnswer, WorkerRequest } from './worker-protocol.ts';

// What the main thread has compiled already is read, not compiled again.
enableCompileCache();

/** A second or so of loading: done once, when the thread is told to get ready. */
async function load() {
  const [{ inspectDefinitions }, { rules }] = await Promise.all([
    import('./inspect-definitions.ts'),
    import('#scan/rules.generated.ts'),
  ]);
  return { inspectDefinitions, rules };
}
const loading = load();

function send(answer: WorkerAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer);
}

async function answer({ id, task }: WorkerRequest): Promise<void> {
  try {
    const { inspectDefinitions, rules } = await loading;
    send({ id, outcome: task === undefined ? undefined : inspectDefinitions(task, rules) });
  } catch (error) {
    send({ id, failed: messageOf(error) });
  }
}

parentPort?.on('message', (request: WorkerRequest) => void answer(request));
