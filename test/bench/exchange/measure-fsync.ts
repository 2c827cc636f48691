import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

const ROUNDS = 200;
const PAGE_BYTES = 4_096;

/** Median time of one small append made durable, on the disk that the store is on. */
export async function measureFsyncMs(folder: string): Promise<number> {
  const path = join(folder, 'fsync');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(PAGE_BYTES, 1);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    times.push(performance.now() - startMs);
  }
  closeSync(file);
  await rm(path);
  return times.toSorted((left, right) => left - right)[ROUNDS / 2] ?? Number.NaN;
}
