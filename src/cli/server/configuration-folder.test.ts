import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfigurationFolder, readPolicyTests } from './configuration-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'configuration-'));
  await mkdir(join(folder, 'policies'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = (path: string, text: string): Promise<void> => writeFile(join(folder, path), text);

describe('a configuration folder', () => {
  test('gives vouchgate.yaml and the policies, nothing else', async () => {
    await put('vouchgate.yaml', 'a');
    await put('policies/shop.cedar', 'b');
    await put('policies/shop.test.yaml', 'c');
    await put('policies/.#shop.cedar', 'lock of an editor');
    await put('README.md', 'd');
    expect(await readConfigurationFolder(folder)).toEqual({
      'vouchgate.yaml': 'a',
      'policies/shop.cedar': 'b',
    });
    expect(await readPolicyTests(folder)).toEqual({ 'policies/shop.test.yaml': 'c' });
  });

  test('is read as Kubernetes mounts it: each file a link to the version of the day', async () => {
    await mkdir(join(folder, '..2026_11_23'));
    await put('..2026_11_23/vouchgate.yaml', 'mounted');
    await symlink('..2026_11_23', join(folder, '..data'));
    await symlink('..data/vouchgate.yaml', join(folder, 'vouchgate.yaml'));
    expect(await readConfigurationFolder(folder)).toEqual({ 'vouchgate.yaml': 'mounted' });
  });

  test('does not follow a link to a folder, nor one in a circle', async () => {
    await symlink(folder, join(folder, 'policies/again'));
    expect(await readConfigurationFolder(folder)).toEqual({});
  });

  test('is refused when it is too large, not there, or a file', async () => {
    await put('vouchgate.yaml', 'x'.repeat(1_048_577));
    await expect(readConfigurationFolder(folder)).rejects.toMatchObject({
      code: 'configuration_unreadable',
      location: join(folder, 'vouchgate.yaml'),
    });
    await expect(readConfigurationFolder(join(folder, 'none'))).rejects.toThrow('no such folder');
    await expect(readConfigurationFolder(join(folder, 'vouchgate.yaml'))).rejects.toThrow('not a folder');
  });
});
