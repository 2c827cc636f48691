import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { scanFiles } from './scan-files.ts';
import type { SecretsWorkerData } from './worker-protocol.ts';

enableCompileCache();
const { tasks, next }: SecretsWorkerData = workerData;
const counter = new Int32Array(next);

for (let index = Atomics.add(counter, 0, 1); index < tasks.length; index = Atomics.add(counter, 0, 1)) {
  const task = tasks[index];
  if (task === undefined) break;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ index, scan: scanFiles(task.root, task.files, task.options) });
}
