import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Replaces a file's text at once: a reader sees the old text or the new one, and a crash leaves one of them.
 * False when the file is no longer what was scanned; then nothing is written.
 */
export function replaceFile(file: string, expected: string, text: string): boolean {
  if (readFileSync(file, 'utf8') !== expected) return false;
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  const original = openSync(file, 'r');
  const { mode } = fstatSync(original);
  closeSync(original);
  // `wx` does not follow a link that somebody put there.
  const handle = openSync(temporary, 'wx', mode);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += writeSync(handle, bytes, at));
    fsyncSync(handle);
    closeSync(handle);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return true;
}
