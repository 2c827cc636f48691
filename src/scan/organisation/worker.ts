import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '#core/errors.ts';
import { keyOf, settingsMark } from './content-key.ts';
import { loadRepository } from './load-repository.ts';
import { readHeadCommit } from './git-objects.ts';
import { failedRecord, type RepositoryEntry } from './record.ts';
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

function isKnownRevision(entry: RepositoryEntry, known: WorkerTask['known']): boolean {
  const { place } = entry;
  if (place.kind !== 'git' || known?.revision === undefined) return false;
  return (
    known.key.startsWith(settingsMark(entry, data.settingsKey)) &&
    readHeadCommit(place.gitFolder) === known.revision
  );
}

async function work({ index, entry, known, crossKey, neighbours }: WorkerTask): Promise<WorkerAnswer> {
  const { place } = entry;
  if (isKnownRevision(entry, known)) return { index, record: undefined };
  if (place.kind === 'missing') return { index, record: failedRecord(entry, place.reason) };
  const loaded = await loadRepository(
    place,
    data.scratch,
    git,
    known?.key.slice(settingsMark(entry, data.settingsKey).length),
  );
  try {
    if (known?.key === keyOf(entry, loaded.contentKey, data.settingsKey)) return { index, record: undefined };
    const judge = await (loading ??= loadJudge());
    const read = await judge.readNeighbours(neighbours, git);
    return {
      index,
      record: judge.judgeRepository(entry, loaded, { key: crossKey, neighbours: read }, judge.options),
    };
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
