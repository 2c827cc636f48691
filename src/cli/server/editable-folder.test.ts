import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEditableFolder } from './editable-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vouchgate-editable-'));
  await mkdir(join(folder, 'policies'));
  await writeFile(join(folder, 'vouchgate.yaml'), 'version: 1\n', { mode: 0o640 });
  await chmod(join(folder, 'vouchgate.yaml'), 0o640);
  await writeFile(join(folder, 'policies/a.cedar'), 'old');
});
afterEach(() => rm(folder, { recursive: true }));

const text = (path: string) => readFile(join(folder, path), 'utf8');

describe('an editable configuration folder', () => {
  it('gets all files of a change: changed, new in a new folder, and gone', async () => {
    const editable = openEditableFolder(folder);
    const change = [
      { path: 'vouchgate.yaml', before: 'version: 1\n', after: 'version: 1 # x\n' },
      { path: 'policies/team/b.cedar', before: undefined, after: 'new' },
      { path: 'policies/a.cedar', before: 'old', after: undefined },
    ];
    expect(await editable.write(change)).toBe(true);
    expect(await editable.read()).toEqual({
      'vouchgate.yaml': 'version: 1 # x\n',
      'policies/team/b.cedar': 'new',
    });
    expect((await stat(join(folder, 'vouchgate.yaml'))).mode & 0o777).toBe(0o640);
    expect((await stat(join(folder, 'policies/team/b.cedar'))).mode & 0o777).toBe(0o600);
    expect((await readdir(folder, { recursive: true })).filter((name) => name.includes('.new'))).toEqual([]);
    expect(await editable.write(change)).toBe(true);
  });

  it('is left alone when a file is not as the change found it', async () => {
    const change = [{ path: 'policies/a.cedar', before: 'other', after: 'new' }];
    expect(await openEditableFolder(folder).write(change)).toBe(false);
    expect(await text('policies/a.cedar')).toBe('old');
  });

  it('gets the rest of a change that a crash left half written', async () => {
    await writeFile(join(folder, 'policies/a.cedar'), 'new');
    const change = [
      { path: 'policies/a.cedar', before: 'old', after: 'new' },
      { path: 'vouchgate.yaml', before: 'version: 1\n', after: 'version: 1 # x\n' },
    ];
    expect(await openEditableFolder(folder).write(change)).toBe(true);
    expect(await text('vouchgate.yaml')).toBe('version: 1 # x\n');
  });

  it.each(['../outside.cedar', 'policies/../../x.cedar', '.git/x.cedar', 'run.sh'])(
    'lets nothing be written to %s',
    async (path) => {
      const change = [{ path, before: undefined, after: 'x' }];
      await expect(openEditableFolder(folder).write(change)).rejects.toMatchObject({
        code: 'configuration_not_writable',
      });
    },
  );

  it('follows no link, of a file or of a folder on the way', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'vouchgate-outside-'));
    await symlink(outside, join(folder, 'linked'));
    await writeFile(join(outside, 'target'), 'theirs');
    await symlink(join(outside, 'target'), join(folder, 'policies/l.cedar'));
    const editable = openEditableFolder(folder);
    const refused = { code: 'configuration_not_writable' };
    await expect(
      editable.write([{ path: 'linked/x.cedar', before: undefined, after: 'x' }]),
    ).rejects.toMatchObject(refused);
    await expect(
      editable.write([{ path: 'policies/l.cedar', before: 'theirs', after: 'x' }]),
    ).rejects.toMatchObject(refused);
    expect(await readFile(join(outside, 'target'), 'utf8')).toBe('theirs');
    await rm(outside, { recursive: true });
  });

  it('is never read half changed', async () => {
    const editable = openEditableFolder(folder);
    const change = (from: string, to: string) => [
      { path: 'policies/a.cedar', before: from, after: to },
      { path: 'policies/b.cedar', before: from === 'old' ? undefined : from, after: to },
    ];
    const reads = [];
    await editable.write(change('old', '1'));
    for (let number = 1; number < 20; number += 1) {
      void editable.write(change(String(number), String(number + 1)));
      reads.push(editable.read());
    }
    for (const files of await Promise.all(reads)) {
      expect(files['policies/a.cedar']).toBe(files['policies/b.cedar']);
    }
  });
});
