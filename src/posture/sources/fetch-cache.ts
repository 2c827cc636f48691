import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';

const REPOSITORIES_MAX = 200;
/** Of the objects of one repository; then it is thrown away and fetched anew. */
const REPOSITORY_BYTES_MAX = 512 * 1_048_576;
/** Each fetch leaves one; git looks through all of them. */
const PACKS_MAX = 300;
const FILES_OF_A_PACK = 3;

/** Bare repositories that were fetched, each in a folder named by a hash: what a token says is never a path. */
export class FetchCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The git folder of a repository, whether it is there yet or not; the least recently used ones make room. */
  folderOf(url: string, nowMs: number): string {
    const folder = path.join(this.#folder, `${hash('sha256', url).slice(0, 40)}.git`);
    if (!existsSync(folder)) this.#makeRoom();
    else if (isWornOut(path.join(folder, 'objects'))) this.forget(folder);
    else utimesSync(folder, nowMs / 1_000, nowMs / 1_000);
    return folder;
  }

  forget(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  #makeRoom(): void {
    // Somebody may have cleaned up.
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const known = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.git'))
      .map((name) => path.join(this.#folder, name))
      .map((folder) => ({ folder, usedMs: statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
      .toSorted((left, right) => right.usedMs - left.usedMs);
    for (const { folder } of known.slice(REPOSITORIES_MAX - 1)) this.forget(folder);
  }
}

function isWornOut(objects: string): boolean {
  return bytesOf(objects) > REPOSITORY_BYTES_MAX || packsIn(objects).length > PACKS_MAX * FILES_OF_A_PACK;
}

function packsIn(objects: string): string[] {
  const packs = path.join(objects, 'pack');
  return existsSync(packs) ? readdirSync(packs).map((name) => path.join(packs, name)) : [];
}

/** Sizes of the packs, those included that are still being written. */
export function bytesOf(objects: string): number {
  return packsIn(objects).reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
