import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  path: string;
  /** Leaves no space at all. */
  fill(): void;
  empty(): void;
  /** Only while nothing on it is open for writing. */
  setReadOnly(readOnly: boolean): void;
  dispose(): void;
}

const MEGABYTES = 6;

/** A real file system of a few megabytes, owned like `ownerOf`; undefined where nothing may be mounted. */
export function mountSmallDisk(ownerOf?: string): SmallDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const path = mkdtempSync(join(tmpdir(), 'vouchgate-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', path], {
      stdio: 'ignore',
    });
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
  if (ownerOf !== undefined) {
    const { uid, gid } = statSync(ownerOf);
    chownSync(path, uid, gid);
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill: () => {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    },
    empty: () => rmSync(filler, { force: true }),
    setReadOnly: (readOnly) => {
      execFileSync('/bin/mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, path], { stdio: 'ignore' });
    },
    dispose: () => {
      execFileSync('/bin/umount', ['-l', path], { stdio: 'ignore' });
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Text that no compression makes smaller. */
export function randomText(characters: number): string {
  return randomBytes(characters / 2).toString('hex');
}
