import { parentPort, workerData } from 'node:worker_threads';
import type { SqlValue } from '../sql-value.ts';
import { SqliteEngine } from './engine.ts';
import { failureOf } from './failure.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './message.ts';

const IDLE_MS = 2_000;

/** The thread of the store: node:sqlite blocks while the disk syncs, so it must not be the thread of HTTP. */
function serve(port: NonNullable<typeof parentPort>, settings: WorkerSettings): void {
  const answer = (message: FromWorker): void => port.postMessage(message);
  const engine = open(settings, answer);
  if (engine === undefined) return;
  const idle = setTimeout(() => engine.checkpoint(), IDLE_MS).unref();
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'write') {
      answer(write(engine, message.cells));
      idle.refresh();
    } else if (message.kind === 'read') {
      answer(read(engine, message));
    } else {
      clearTimeout(idle);
      engine.close();
      answer({ kind: 'closed' });
      port.close();
    }
  });
}

function open(settings: WorkerSettings, answer: (message: FromWorker) => void): SqliteEngine | undefined {
  try {
    const engine = new SqliteEngine(settings);
    answer({ kind: 'opened' });
    return engine;
  } catch (error) {
    answer({ kind: 'open_failed', failure: failureOf(error) });
    return undefined;
  }
}

function write(engine: SqliteEngine, cells: readonly SqlValue[]): FromWorker {
  try {
    return { kind: 'written', results: engine.write(cells) };
  } catch (error) {
    return { kind: 'write_failed', failure: failureOf(error) };
  }
}

function read(engine: SqliteEngine, message: Extract<ToWorker, { kind: 'read' }>): FromWorker {
  try {
    return { kind: 'rows', id: message.id, rows: engine.read(message.sql, message.values) };
  } catch (error) {
    return { kind: 'read_failed', id: message.id, failure: failureOf(error) };
  }
}

const settings: WorkerSettings = workerData;
if (parentPort !== null) serve(parentPort, settings);
