import { randomUUID } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { messageOf } from '#core/errors.ts';
import { CommandError } from './command-error.ts';

function refuse(file: string, why: string, cause?: unknown): CommandError {
  return new CommandError('output_refused', `will not write the secret: ${why}`, {
    remedy: 'Give the path of a regular file, new or our own, in a folder that you may write to.',
    location: file,
    cause,
  });
}

async function assertReplaceable(file: string): Promise<void> {
  try {
    const status = await lstat(file);
    // A link could have been put there to have the secret written, or something overwritten, elsewhere.
    if (status.isSymbolicLink()) throw refuse(file, 'the path is a symbolic link');
    if (!status.isFile()) throw refuse(file, 'the path is no regular file');
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) {
      throw refuse(file, messageOf(cause), cause);
    }
  }
}

/**
 * Writes a file that only its owner can read (0600), beside its place and renamed into it: there is never
 * half a file, and never one that was readable for a moment.
 */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await assertReplaceable(file);
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw refuse(file, messageOf(cause), cause);
  }
}
