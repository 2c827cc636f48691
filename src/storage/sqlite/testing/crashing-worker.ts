import { parentPort } from 'node:worker_threads';

/** The worker as it is, except that its third write ends the thread without an answer. */
let writes = 0;
parentPort?.on('message', (message: { kind: string }) => {
  if (message.kind === 'write') writes += 1;
  if (writes === 3) process.exit(9);
});
await import('../worker.ts');
