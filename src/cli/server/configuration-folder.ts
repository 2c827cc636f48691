import { type Dirent, type FSWatcher, watch } from 'node:fs';
import { open, opendir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { ConfigurationFiles } from '#broker/configuration/configuration.ts';
import { CONFIGURATION_FILE } from '#broker/configuration/load-configuration.ts';
import { GATE_POLICY_FILE } from '#broker/configuration/posture-section.ts';
import { AppError, messageOf } from '#core/errors.ts';

const FILE_BYTES_MAX = 1_048_576;
const TOTAL_BYTES_MAX = 16 * 1_048_576;
const FILES_MAX = 2_000;
const DEPTH_MAX = 4;
const SETTLE_MS = 200;
const POLL_MS = 5_000;

export class ConfigurationFolderError extends AppError<'configuration_unreadable'> {}

function unreadable(path: string, why: string, cause?: unknown): ConfigurationFolderError {
  return new ConfigurationFolderError(
    'configuration_unreadable',
    `The configuration cannot be read: ${why}.`,
    {
      remedy: 'Check that the folder exists and that this user may read it.',
      location: path,
      cause,
    },
  );
}

/** Reads `vouchgate.yaml`, `vouchgate.policy.yaml` and every `*.cedar` below the folder: bounded in number, size and depth. */
export function readConfigurationFolder(folder: string): Promise<ConfigurationFiles> {
  return readMatching(
    folder,
    (path) => path === CONFIGURATION_FILE || path === GATE_POLICY_FILE || path.endsWith('.cedar'),
  );
}

/** Reads every `*.test.yaml` below the folder, which is no part of the configuration itself. */
export function readPolicyTests(folder: string): Promise<ConfigurationFiles> {
  return readMatching(folder, (path) => path.endsWith('.test.yaml'));
}

interface Reading {
  root: string;
  isWanted: (path: string) => boolean;
  files: Record<string, string>;
  bytes: number;
}

async function readMatching(root: string, isWanted: Reading['isWanted']): Promise<ConfigurationFiles> {
  const reading: Reading = { root, isWanted, files: {}, bytes: 0 };
  await readInto(reading, '', 0);
  return reading.files;
}

async function readInto(reading: Reading, relative: string, depth: number): Promise<void> {
  const folder = join(reading.root, relative);
  try {
    for await (const entry of await opendir(folder)) {
      const path = posix.join(relative, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory() && depth < DEPTH_MAX) await readInto(reading, path, depth + 1);
      else if (reading.isWanted(path) && (await isFile(entry, join(folder, entry.name)))) {
        await readFileInto(reading, path);
      }
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreadable(folder, reasonOf(error), error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is not a folder',
  EACCES: 'this user may not read it',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? messageOf(error);
}

/** Kubernetes mounts each file as a link, and swaps what it leads to; a link to a folder is not followed. */
async function isFile(entry: Dirent, path: string): Promise<boolean> {
  return entry.isFile() || (entry.isSymbolicLink() && (await stat(path)).isFile());
}

async function readFileInto(reading: Reading, path: string): Promise<void> {
  const full = join(reading.root, path);
  if (Object.keys(reading.files).length >= FILES_MAX) throw unreadable(full, `more than ${FILES_MAX} files`);
  const text = await readBounded(full);
  reading.bytes += Buffer.byteLength(text);
  if (reading.bytes > TOTAL_BYTES_MAX) {
    throw unreadable(reading.root, `its files are larger than ${TOTAL_BYTES_MAX} bytes together`);
  }
  reading.files[path] = text;
}

async function readBounded(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > FILE_BYTES_MAX) throw unreadable(path, `the file is larger than ${FILE_BYTES_MAX} bytes`);
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await handle.read(buffer, 0, size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Calls back, once things have settled, when something in the folder may have changed. Watching is backed by
 * a slow poll, because notifications are lost on network file systems and on Kubernetes' swapped links.
 */
export function watchConfigurationFolder(folder: string, onChange: () => void): { close(): void } {
  let settling: NodeJS.Timeout | undefined;
  const announce = (): void => {
    clearTimeout(settling);
    settling = setTimeout(onChange, SETTLE_MS);
    settling.unref();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(folder, { recursive: true, persistent: false }, announce);
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = undefined;
  }
  const poll = setInterval(onChange, POLL_MS);
  poll.unref();
  return {
    close() {
      clearTimeout(settling);
      clearInterval(poll);
      watcher?.close();
    },
  };
}
