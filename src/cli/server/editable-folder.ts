import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { ConfigurationPath } from '#api/configuration-change.ts';
import { progressOf } from '#broker/configuration/change-files.ts';
import type { ConfigurationFiles } from '#broker/configuration/configuration.ts';
import type { ProposalFile } from '#broker/configuration/proposal.ts';
import { AppError } from '#core/errors.ts';
import { readConfigurationFolder } from './configuration-folder.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export class EditableFolderError extends AppError<'configuration_not_writable'> {}

/** A configuration folder that this server may change: what is read is never half of a change. */
export interface EditableFolder {
  read(): Promise<ConfigurationFiles>;
  /** False, and nothing is written, when the files are not as the change found them. */
  write(change: readonly ProposalFile[]): Promise<boolean>;
}

export function openEditableFolder(folder: string): EditableFolder {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    read: () => inTurn(() => readConfigurationFolder(folder)),
    write: (change) =>
      inTurn(async () => {
        const progress = progressOf(await readConfigurationFolder(folder), change);
        if (progress === 'elsewhere') return false;
        // `between`: a crash left it half written, and what is left is written now.
        if (progress !== 'after') await writeChange(folder, change);
        return true;
      }),
  };
}

/** All new texts are on the disk before the first file changes: a full disk must not leave half of a change. */
async function writeChange(folder: string, change: readonly ProposalFile[]): Promise<void> {
  const staged: { from: string; to: string }[] = [];
  try {
    for (const { path, after } of change) {
      const to = await placeFor(folder, path);
      if (after === undefined) continue;
      const from = join(dirname(to), `.${posix.basename(path)}.${randomBytes(6).toString('hex')}.new`);
      staged.push({ from, to });
      await writeFile(from, after, { flag: 'wx', mode: await modeOf(to), flush: true });
    }
    for (const { from, to } of staged) await rename(from, to);
    for (const { path, after } of change) {
      if (after === undefined) await unlink(join(folder, path)).catch(ignoreMissing);
    }
  } finally {
    await Promise.all(staged.map(({ from }) => rm(from, { force: true })));
  }
}

/** A link on the way would let a change of ours write somewhere else. */
async function placeFor(folder: string, path: string): Promise<string> {
  if (!ConfigurationPath.safeParse(path).success) throw notWritable(path, 'it is no configuration file');
  const parts = path.split('/');
  for (const [index] of parts.entries()) {
    const place = join(folder, ...parts.slice(0, index + 1));
    const isFile = index === parts.length - 1;
    const entry = await lstat(place).catch(ignoreMissing);
    if (entry === undefined && !isFile) await mkdir(place, { mode: FOLDER_MODE });
    else if (entry !== undefined && !(isFile ? entry.isFile() : entry.isDirectory())) {
      throw notWritable(path, isFile ? 'it is no plain file' : 'its folder is a link');
    }
  }
  return join(folder, path);
}

async function modeOf(path: string): Promise<number> {
  const entry = await stat(path).catch(ignoreMissing);
  return entry === undefined ? FILE_MODE : entry.mode & 0o777;
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

function notWritable(path: string, why: string): EditableFolderError {
  return new EditableFolderError('configuration_not_writable', `${path} is not written: ${why}.`, {
    remedy: 'Make it a plain file in a plain folder, or change it by hand.',
    location: path,
  });
}
