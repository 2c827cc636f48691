import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '#core/errors.ts';
import { keyOf, settingsMark } from './content-key.ts';
import { type LoadedRepository, loadRepository } from './load-repository.ts';
import type { KeptMarks } from './marks-log.ts';
import { failedRecord } from './record.ts';
import type { WorkerAnswer, WorkerData, WorkerTask } from './worker-protocol.ts';

// What the main thread has compiled already is read, not compiled again.
enableCompileCache();
const data: WorkerData = workerData;
const git = { searchPath: data.searchPath, timeoutMs: data.gitTimeoutMs };

function send(message: WorkerAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message);
}

/** Rules take a while to load, and a second run needs them for few repositories or none. */
async function loadJudge() {
  const [{ judgeRepository }, { rules }, { readNeighbours }] = await Promise.all([
    import('./judge-repository.ts'),
    import('../rules.generated.ts'),
    import('./neighbours.ts'),
  ]);
  const wanted = new Set(data.ruleIds);
  const options = { ...data, rules: rules.filter(({ id }) => wanted.has(id)) };
  return { judgeRepository, readNeighbours, options };
}
let loading: ReturnType<typeof loadJudge> | undefined;

function marksOf({ marks }: LoadedRepository, key: string): KeptMarks | undefined {
  return marks === undefined || key === '' ? undefined : { ...marks, key };
}

async function work({ index, entry, knownKey, crossKey, neighbours }: WorkerTask): Promise<WorkerAnswer> {
  const { place } = entry;
  if (place.kind === 'missing') return { index, record: failedRecord(entry, place.reason) };
  const { settingsKey, settledBeforeMs } = data;
  const loaded = await loadRepository(place, data.scratch, git, {
    knownKey: knownKey?.slice(settingsMark(entry, settingsKey).length),
    settledBeforeMs,
  });
  try {
    const key = keyOf(entry, loaded.contentKey, settingsKey);
    if (knownKey === key) return { index, record: undefined, marks: marksOf(loaded, key) };
    const judge = await (loading ??= loadJudge());
    const read = await judge.readNeighbours(neighbours, git);
    const cross = { key: crossKey, neighbours: read };
    const record = judge.judgeRepository(entry, loaded, cross, judge.options);
    return { index, record, marks: marksOf(loaded, record.key) };
  } finally {
    loaded.release();
  }
}

async function answer(task: WorkerTask): Promise<void> {
  try {
    send(await work(task));
  } catch (error) {
    send({ index: task.index, record: failedRecord(task.entry, messageOf(error)) });
  }
}

// One after the other: the main thread must know which repository a thread was at when it dies.
let last = Promise.resolve();
parentPort?.on('message', (task: WorkerTask) => {
  last = last.then(() => answer(task));
});
