import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runPool } from './worker-pool.ts';
import type { WorkerTask } from './worker-protocol.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'vouchgate-pool-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** Answers each task with the folder of its thread, as late as the task says. */
const ECHO = `import { parentPort, workerData } from 'node:worker_threads';
  const answer = (index) => parentPort.postMessage({ index, record: { name: workerData.scratch } });
  parentPort.on('message', ({ index, crossKey }) => setTimeout(answer, Number(crossKey), index));`;

function taskAt(index: number, delayMs = 0): WorkerTask {
  const place = { kind: 'missing', reason: '' } as const;
  const entry = { name: `r${index}`, address: undefined, place };
  return { index, entry, knownKey: undefined, crossKey: String(delayMs), neighbours: [] };
}

async function run(
  tasks: Iterable<WorkerTask>,
  threads: number,
  { threadsAtStart = 1, timeoutMs = 60_000 } = {},
) {
  const data = {
    ruleIds: [],
    asOfMs: 0,
    persona: undefined,
    outputFolder: undefined,
    formats: [],
    toolVersion: '',
    settingsKey: '',
    searchPath: undefined,
    gitTimeoutMs: 0,
    settledBeforeMs: 0,
  };
  const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(ECHO)}`);
  const options = { threads, threadsAtStart, data, scratch, timeoutMs, workerUrl };
  const done: string[] = [];
  await runPool(tasks, options, (outcome) => {
    done.push('died' in outcome ? outcome.died : (outcome.answer.record?.name ?? ''));
  });
  return done;
}

it('starts no thread where there is nothing to do', async () => {
  expect(await run([], 3)).toEqual([]);
});

it('does each task once, on more threads the more come, and not on more than it may', async () => {
  const tasks = (count: number) => Array.from({ length: count }, (_, index) => taskAt(index));
  for (const [count, threads] of [
    [100, 1],
    [101, 1],
    [102, 2],
    [900, 3],
  ] as const) {
    const done = await run(tasks(count), 3);
    expect(done).toHaveLength(count);
    expect(new Set(done).size).toBe(threads);
  }
});

it('takes no thread for late whose answer waited while this one was busy', async () => {
  const timeoutMs = 2_000;
  // The second thread answers first, and this one looks long for more while the first one answers.
  function* tasks(): Generator<WorkerTask> {
    for (let index = 0; index < 20; index += 1) {
      if (index === 8) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, timeoutMs * 1.2);
      yield taskAt(index, index < 4 ? 400 : 100);
    }
  }
  const done = await run(tasks(), 2, { threadsAtStart: 2, timeoutMs });
  expect(done.filter((name) => !name.startsWith(scratch))).toEqual([]);
  expect(done).toHaveLength(20);
});
