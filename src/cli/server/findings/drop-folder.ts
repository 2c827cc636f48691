import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '#core/clock.ts';
import { AppError, messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { StoreError } from '#core/store-error.ts';
import { ImportError } from '#findings/import-error.ts';
import type { ReadReportApart } from '#findings/read-report-apart.ts';
import { REPORT_BYTES_MAX } from '#findings/report-content.ts';
import { FindingError } from '#findings/tracking/finding-error.ts';
import type { FindingTracker } from '#findings/tracking/tracker.ts';
import { findDropped, type Dropped, RESERVED } from './find-dropped.ts';

export interface DropFolderOptions {
  readonly tracker: FindingTracker;
  readonly readReport: ReadReportApart;
  readonly clock: Clock;
  readonly log: Logger;
  /** Name of this server, for the record. */
  readonly server: string;
}

/** What was taken so long ago was left behind by a server that stopped. */
const ABANDONED_MS = 15 * 60_000;

/** Opens what is a plain file with one name: no link of any kind leads us elsewhere. @throws ImportError */
async function readPlain(file: string, name: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.nlink !== 1) {
      throw new ImportError('report_refused', `${name} is not a plain file`, {
        remedy: 'Copy the report into the drop folder instead of linking it.',
      });
    }
    if (stats.size > REPORT_BYTES_MAX) {
      throw new ImportError('report_too_large', `${name} has more than ${REPORT_BYTES_MAX} bytes`);
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof StoreError || (error instanceof FindingError && error.code === 'findings_busy');
}

class DropFolder {
  readonly #options: DropFolderOptions;
  readonly #root: string;

  constructor(options: DropFolderOptions, root: string) {
    this.#options = options;
    this.#root = root;
  }

  /** By an atomic rename: of several servers on one folder, one gets it. */
  async take(dropped: Dropped): Promise<void> {
    const id = randomUUID();
    const taken = path.join(this.#root, RESERVED.taken, id);
    await mkdir(taken, { recursive: true });
    const file = path.join(taken, path.basename(dropped.path));
    try {
      await rename(path.join(this.#root, dropped.path), file);
    } catch {
      // Another server was faster, or whoever put it there took it back.
      await rm(taken, { recursive: true, force: true });
      return;
    }
    await writeFile(path.join(taken, RESERVED.origin), dropped.path);
    await this.#settle(dropped, file, id);
    await rm(taken, { recursive: true, force: true });
  }

  /** Puts back what a server took and never finished; taking a report twice changes nothing. */
  async putBack(): Promise<void> {
    const folder = path.join(this.#root, RESERVED.taken);
    const nowMs = this.#options.clock.nowMs();
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const taken = path.join(folder, entry.name);
      const stats = await stat(taken).catch(() => undefined);
      if (!entry.isDirectory() || stats === undefined || nowMs - stats.mtimeMs < ABANDONED_MS) continue;
      await this.#putBackOne(taken);
    }
  }

  async #putBackOne(taken: string): Promise<void> {
    const names = await readdir(taken);
    const [name] = names.filter((each) => each !== RESERVED.origin);
    if (name !== undefined) {
      const origin = await readPlain(path.join(taken, RESERVED.origin), 'origin').catch(() => undefined);
      const target = origin?.toString('utf8') ?? name;
      const safe = path.posix.normalize(`/${target}`).slice(1);
      await mkdir(path.dirname(path.join(this.#root, safe)), { recursive: true });
      await rename(path.join(taken, name), path.join(this.#root, safe));
    }
    await rm(taken, { recursive: true, force: true });
  }

  async #settle(dropped: Dropped, file: string, id: string): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#import(dropped, file);
      await this.#move(file, RESERVED.done, dropped, id);
    } catch (error) {
      log.warn('findings.drop_failed', { file: dropped.path, error: messageOf(error) });
      // Nothing is wrong with the report: it goes back to its place, and is taken again.
      if (isPassing(error)) return await rename(file, path.join(this.#root, dropped.path));
      const moved = await this.#move(file, RESERVED.failed, dropped, id);
      const { code = 'internal_error', remedy } = error instanceof AppError ? error : {};
      const reason = [`${code}: ${messageOf(error)}`, ...(remedy === undefined ? [] : [remedy]), ''];
      await writeFile(`${moved}.reason.txt`, reason.join('\n'));
    }
  }

  async #import({ path: name, repository, ...target }: Dropped, file: string): Promise<void> {
    const { tracker, readReport, server } = this.#options;
    const bytes = await readPlain(file, name);
    const { report, kinds } = await readReport(path.basename(name), bytes, undefined);
    const known = repository ?? report.target?.repository;
    if (known === undefined) {
      throw new ImportError('report_refused', `nobody says which repository ${name} is about`, {
        remedy: 'Put it into a folder that is named after the repository: owner/name/report.json',
      });
    }
    const actor = { kind: 'server', id: server } as const;
    await tracker.takeIn({ ...target, report, kinds, name: path.basename(name), repository: known, actor });
  }

  /** With the id in its name: two reports of one name do not replace each other. */
  async #move(file: string, to: string, { path: name }: Dropped, id: string): Promise<string> {
    const target = path.join(this.#root, to, path.dirname(name), `${id.slice(0, 8)}-${path.basename(name)}`);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(file, target);
    return target;
  }
}

/**
 * Takes in what lies below a folder, `owner/name/report.json`, and moves it to `done/` or, with a reason beside it,
 * to `failed/`. Gives the work for a timer: a file counts as complete when it has not changed since the time before.
 */
export function createDropFolder(options: DropFolderOptions): (folder: string) => Promise<void> {
  let before: ReadonlyMap<string, string> = new Map();
  return async (folder) => {
    const drop = new DropFolder(options, folder);
    await drop.putBack();
    const found = await findDropped(folder);
    const complete = found.filter(({ path: name, mark }) => before.get(name) === mark);
    before = new Map(found.map(({ path: name, mark }) => [name, mark]));
    for (const dropped of complete) await drop.take(dropped);
  };
}
