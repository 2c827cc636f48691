import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Canary } from './canary.ts';
import { listProcessArguments } from './process-list.ts';

const SECRET = 'p@ss/word with "quotes" & more';

describe('the search for secrets', () => {
  it.each([
    ['as it is', `before ${SECRET} after`],
    ['at the very end', SECRET],
    ['in a URL', `?q=${encodeURIComponent(SECRET)}`],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
  ])('finds one %s', (_, text) => {
    const canary = new Canary();
    canary.add('password', SECRET);
    expect(canary.find(text)).toEqual(['password']);
    expect(canary.find(text.slice(1).replace(/.$/u, ''))).toEqual(
      text.startsWith('before') ? ['password'] : [],
    );
  });

  it('finds a token by its signature, and bytes in a file', async () => {
    const canary = new Canary();
    const key = randomBytes(32);
    canary.addToken('token', `e30.e30.${'aB3_'.repeat(20)}`);
    canary.addBytes('key', key);
    expect(canary.find(`x.y.${'aB3_'.repeat(20)}`)).toEqual(['token']);
    const folder = await mkdtemp(join(tmpdir(), 'vouchgate-canary-'));
    try {
      await writeFile(join(folder, 'file'), Buffer.concat([randomBytes(1_000), key, randomBytes(10)]));
      expect(await canary.findInFile(join(folder, 'file'))).toEqual(['key']);
      expect(await canary.findInFile(join(folder, 'missing'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses what cannot be told from chance', () => {
    expect(() => new Canary().add('pin', '1234')).toThrowError(/too short/);
  });

  it('looks at the arguments of all processes, whole', () => {
    expect(listProcessArguments()).toContain(process.argv0);
  });
});
