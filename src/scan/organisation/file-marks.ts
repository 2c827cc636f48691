import { hash } from 'node:crypto';
import { lstatSync, type Stats } from 'node:fs';
import path from 'node:path';

/**
 * What the file system said of everything that a scan of a folder looked at: whether the same is said again tells
 * whether anything can be new, without a look into a single file.
 */
export interface FileMarks {
  /** Folders that were listed and files that were read, relative to the folder. */
  readonly paths: readonly string[];
  /** Hash over what the file system said of each. */
  readonly mark: string;
}

/** More of them take as much to keep and compare as to look at everything again. */
const PATHS_MAX = 4_000;

/** No program can set `ctime`, so that only a second write within one tick of the clock goes unseen. */
function describe({ ino, size, mode, mtimeMs, ctimeMs }: Stats): string {
  return `${ino} ${size} ${mode} ${mtimeMs} ${ctimeMs}`;
}

/** Takes down what the file system says, before the files are read: what changes meanwhile is seen the next time. */
export class FileObserver {
  readonly #settledBeforeMs: number;
  readonly #paths: string[] = [];
  readonly #said: string[] = [];
  #isSettled = true;

  /**
   * What changed later than `settledBeforeMs` (ms since the epoch, by the clock of the files) may change once more
   * within the same tick: then there are no marks, as git does it with its index.
   */
  constructor(settledBeforeMs: number) {
    this.#settledBeforeMs = settledBeforeMs;
  }

  take(relative: string, stats: Stats): void {
    if (stats.ctimeMs >= this.#settledBeforeMs) this.#isSettled = false;
    if (this.#paths.length > PATHS_MAX || !this.#isSettled) return;
    this.#paths.push(relative);
    this.#said.push(describe(stats));
  }

  get marks(): FileMarks | undefined {
    if (!this.#isSettled || this.#paths.length === 0 || this.#paths.length > PATHS_MAX) return undefined;
    return { paths: this.#paths, mark: hash('sha256', this.#said.join('\n')) };
  }
}

/** Whether everything in the folder is as it was when the marks were taken. */
export function isAsMarked(folder: string, { paths, mark }: FileMarks): boolean {
  const said: string[] = [];
  try {
    for (const relative of paths) {
      const stats = lstatSync(relative === '' ? folder : path.join(folder, relative), {
        throwIfNoEntry: false,
      });
      if (stats === undefined) return false;
      said.push(describe(stats));
    }
  } catch {
    return false;
  }
  return hash('sha256', said.join('\n')) === mark;
}
