import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPostgres } from './find-postgres.ts';

describe.skipIf(process.platform === 'win32')('finding PostgreSQL', () => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'vouchgate-find-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function place(name: string, programs: readonly string[]): string {
    const path = join(folder, name);
    mkdirSync(path);
    for (const program of programs) {
      writeFileSync(join(path, program), '#!/bin/sh\n');
      chmodSync(join(path, program), 0o755);
    }
    return path;
  }

  it('takes the folder that was named, before the PATH', () => {
    const named = place('named', ['postgres', 'initdb']);
    const other = place('other', ['postgres', 'initdb']);
    expect(findPostgres({ VOUCHGATE_POSTGRES_BIN: named, PATH: other })).toBe(named);
    expect(findPostgres({ VOUCHGATE_POSTGRES_BIN: '', PATH: other })).toBe(other);
  });

  it('says so when the folder that was named has no server, instead of taking another', () => {
    const named = place('named', ['psql']);
    const other = place('other', ['postgres', 'initdb']);
    expect(() => findPostgres({ VOUCHGATE_POSTGRES_BIN: named, PATH: other })).toThrowError(
      expect.objectContaining({
        code: 'postgres_binaries_invalid',
        location: expect.stringContaining(named),
      }),
    );
  });

  it('follows a link to where the server’s other programs are', () => {
    const real = place('real', ['postgres', 'initdb']);
    const linked = place('linked', []);
    symlinkSync(join(real, 'postgres'), join(linked, 'postgres'));
    expect(findPostgres({ PATH: [place('empty', []), linked].join(delimiter) })).toBe(real);
  });

  it('passes over a client without a server, and a server that cannot be set up', () => {
    const good = place('good', ['postgres', 'initdb']);
    const path = [place('client', ['psql', 'initdb']), place('bare', ['postgres']), good].join(delimiter);
    expect(findPostgres({ PATH: path })).toBe(good);
  });
});
