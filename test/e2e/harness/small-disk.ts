import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BYTES = 16 * 1_024 * 1_024;
const CHUNK_BYTES = 65_536;

/** A disk of 16 MiB that can be filled to its last byte. */
export interface SmallDisk {
  path: string;
  fill(): Promise<void>;
  free(): Promise<void>;
  unmount(): void;
}

/** Needs root on Linux; undefined where it cannot be had. */
export function mountSmallDisk(): SmallDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const path = mkdtempSync(join(tmpdir(), 'vouchgate-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${BYTES},mode=700`, 'vouchgate-test', path], {
      stdio: 'ignore',
    });
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
  const filler = join(path, 'filler');
  return {
    path,
    async fill() {
      await writeFile(filler, '');
      // Ever smaller pieces, until not one byte is left.
      for (let bytes = CHUNK_BYTES; bytes >= 1; bytes /= 2) {
        const piece = Buffer.alloc(bytes);
        for (let isRoom = true; isRoom; ) {
          isRoom = await appendFile(filler, piece).then(
            () => true,
            () => false,
          );
        }
      }
    },
    free: () => rm(filler),
    unmount() {
      execFileSync('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

/** True where a program of util-linux is there. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
