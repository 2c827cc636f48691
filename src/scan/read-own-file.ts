import { lstatSync, readFileSync } from 'node:fs';

/** Bytes; settings are far smaller. */
const OWN_FILE_BYTES_MAX = 1_048_576;

/**
 * Text of a file that a scanned repository brings along for the scanner; undefined when there is none. Throws for a
 * link, which could lead to a device that never ends or to somebody's secrets, and for what is too large.
 */
export function readOwnFile(file: string): string | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw new Error('it is not a plain file');
  if (stats.size > OWN_FILE_BYTES_MAX) throw new Error(`it is larger than ${OWN_FILE_BYTES_MAX} bytes`);
  return readFileSync(file, 'utf8');
}
