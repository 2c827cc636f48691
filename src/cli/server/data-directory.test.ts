import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataDirectory } from './data-directory.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a data directory', () => {
  test('is made for its owner alone, with a key that is the same next time', async () => {
    const path = join(folder, 'deep', 'er');
    const first = await openDataDirectory(path);
    const second = await openDataDirectory(path);
    expect(second.masterKey).toEqual(first.masterKey);
    expect(first.masterKey).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  test('is refused with a key that others can read, or that is none', async () => {
    const key = join(folder, 'key');
    await expect(openDataDirectory(folder, key)).rejects.toMatchObject({
      code: 'master_key_invalid',
      remedy: expect.stringContaining('openssl rand'),
    });
    await writeFile(key, 'short', { mode: 0o600 });
    await expect(openDataDirectory(folder, key)).rejects.toMatchObject({ code: 'master_key_invalid' });
    await chmod(key, 0o644);
    await expect(openDataDirectory(folder, key)).rejects.toMatchObject({ code: 'master_key_exposed' });
  });

  test.skipIf(process.platform !== 'linux')('is refused where there cannot be one, and soon', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below'), '/proc/vouchgate']) {
      await expect(openDataDirectory(path)).rejects.toMatchObject({ code: 'data_directory_unusable' });
    }
  });
});
