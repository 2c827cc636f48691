import type { SqlValue } from '../sql-value.ts';
import type { CallResult } from './call.ts';
import type { DatabaseOptions } from './database.ts';
import type { Failure } from './failure.ts';

export type WorkerSettings = DatabaseOptions;

export type ToWorker =
  | { kind: 'write'; cells: readonly SqlValue[] }
  | { kind: 'read'; id: number; sql: string; values: readonly SqlValue[] }
  | { kind: 'close' };

export type FromWorker =
  | { kind: 'opened' }
  | { kind: 'open_failed'; failure: Failure }
  | { kind: 'written'; results: CallResult[] }
  | { kind: 'write_failed'; failure: Failure }
  | { kind: 'rows'; id: number; rows: SqlValue[][] }
  | { kind: 'read_failed'; id: number; failure: Failure }
  | { kind: 'closed' };
