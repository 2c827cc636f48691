import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, messageOf } from '#core/errors.ts';

const MASTER_KEY_BYTES = 32;
const KEY_TEXT_MAX = 1_024;

export type DataDirectoryErrorCode = 'data_directory_unusable' | 'master_key_invalid' | 'master_key_exposed';

export class DataDirectoryError extends AppError<DataDirectoryErrorCode> {}

/** Where the server keeps what must outlive it: the master key and, without `--database`, the store. */
export interface DataDirectory {
  path: string;
  storePath: string;
  masterKey: Buffer;
}

/** Opens it, or makes it (0700) with a new master key (0600). `masterKeyFile` overrides the key's place. */
export async function openDataDirectory(path: string, masterKeyFile?: string): Promise<DataDirectory> {
  try {
    await makeFolder(path);
    await chmod(path, 0o700);
  } catch (cause) {
    const why = messageOf(cause);
    throw new DataDirectoryError('data_directory_unusable', `The data directory cannot be used: ${why}.`, {
      remedy: 'Give a directory that belongs to the user of the server: --data DIR.',
      location: path,
      cause,
    });
  }
  const keyPath = masterKeyFile ?? join(path, 'master.key');
  const existing = await readMasterKey(keyPath);
  if (existing !== undefined) return { path, storePath: join(path, 'vouchgate.db'), masterKey: existing };
  if (masterKeyFile !== undefined) {
    throw new DataDirectoryError('master_key_invalid', `There is no master key ${keyPath}.`, {
      remedy: `Restore it, or make the first one: (umask 077; openssl rand -base64 32 > ${keyPath})`,
      location: keyPath,
    });
  }
  return {
    path,
    storePath: join(path, 'vouchgate.db'),
    masterKey: await writeMasterKey(keyPath),
  };
}

/** Not `mkdir` with `recursive`: where the file system refuses with ENOENT (/proc), Node never returns from it. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

async function readMasterKey(path: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    const { mode, size } = await stat(path);
    if (size > KEY_TEXT_MAX) throw invalidKey(path, 'is too large');
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new DataDirectoryError('master_key_exposed', `Others can read the master key ${path}.`, {
        remedy: `chmod 600 ${path}`,
        location: path,
      });
    }
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof DataDirectoryError) throw error;
    throw invalidKey(path, 'cannot be read', error);
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== MASTER_KEY_BYTES) throw invalidKey(path, `is not ${MASTER_KEY_BYTES} bytes in base64`);
  return key;
}

async function writeMasterKey(path: string): Promise<Buffer> {
  const key = randomBytes(MASTER_KEY_BYTES);
  // `wx`: never over a key that is there, for everything sealed under it would be lost.
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(`${key.toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
}

function invalidKey(path: string, what: string, cause?: unknown): DataDirectoryError {
  return new DataDirectoryError('master_key_invalid', `The master key ${path} ${what}.`, {
    remedy: 'Restore it from your backup: without it, sealed secrets and signing keys cannot be opened.',
    location: path,
    cause,
  });
}
