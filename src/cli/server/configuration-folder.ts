import { type FSWatcher, watch } from 'node:fs';
import { open, opendir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { ConfigurationFiles } from '#broker/configuration/configuration.ts';
import { CONFIGURATION_FILE } from '#broker/configuration/load-configuration.ts';
import { AppError } from '#core/errors.ts';

const FILE_BYTES_MAX = 1_048_576;
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

/** Reads `vouchgate.yaml` and every `*.cedar` below the folder: bounded, links not followed. */
export async function readConfigurationFolder(folder: string): Promise<ConfigurationFiles> {
  const files: Record<string, string> = {};
  await readInto(files, folder, '', 0);
  return files;
}

async function readInto(
  files: Record<string, string>,
  root: string,
  relative: string,
  depth: number,
): Promise<void> {
  const folder = join(root, relative);
  try {
    for await (const entry of await opendir(folder)) {
      const path = posix.join(relative, entry.name);
      if (entry.isDirectory() && depth < DEPTH_MAX && !entry.name.startsWith('.')) {
        await readInto(files, root, path, depth + 1);
      } else if (entry.isFile() && (path === CONFIGURATION_FILE || path.endsWith('.cedar'))) {
        if (Object.keys(files).length >= FILES_MAX) throw unreadable(folder, `more than ${FILES_MAX} files`);
        files[path] = await readBounded(join(root, path));
      }
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreadable(folder, 'the folder cannot be listed', error);
  }
}

async function readBounded(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(FILE_BYTES_MAX + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    if (bytesRead > FILE_BYTES_MAX) throw unreadable(path, `the file is larger than ${FILE_BYTES_MAX} bytes`);
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
