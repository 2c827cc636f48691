import type { FoundFile } from '../discover.ts';
import type { ScanFilesOptions } from './scan-files.ts';

/** Files of one repository for one thread. */
export interface SecretsTask {
  readonly root: string;
  readonly files: readonly FoundFile[];
  readonly options: ScanFilesOptions;
}

export interface SecretsWorkerData {
  readonly tasks: readonly SecretsTask[];
  /** The number of the next task, shared by all threads: nobody waits to be told. */
  readonly next: SharedArrayBuffer;
}
