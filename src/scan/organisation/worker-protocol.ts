import type { JudgeOptions } from './judge-repository.ts';
import type { KeptMarks } from './marks-log.ts';
import type { NeighbourRequest } from './neighbours.ts';
import type { OrganisationRecord, RepositoryEntry } from './record.ts';

/** What a thread is told once. */
export interface WorkerData extends Omit<JudgeOptions, 'rules'> {
  readonly ruleIds: readonly string[];
  /** A folder of this thread alone. */
  readonly scratch: string;
  /** Where git is looked for. */
  readonly searchPath: string | undefined;
  readonly gitTimeoutMs: number;
  /** What changed later (ms since the epoch) may be changing still. */
  readonly settledBeforeMs: number;
}

export interface WorkerTask {
  readonly index: number;
  readonly entry: RepositoryEntry;
  /** What is known from the last run; the same content needs no second look. */
  readonly knownKey: string | undefined;
  readonly crossKey: string;
  readonly neighbours: readonly NeighbourRequest[];
}

export interface WorkerAnswer {
  readonly index: number;
  /** Undefined when the repository is as it was. */
  readonly record: OrganisationRecord | undefined;
  /** By which the next run sees that nothing is new; undefined where that cannot be seen. */
  readonly marks?: KeptMarks | undefined;
}
