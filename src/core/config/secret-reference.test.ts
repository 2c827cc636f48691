import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSecretReference, SecretReference } from './secret-reference.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vouchgate-secret-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('reads a file without its last newline, and an environment variable', async () => {
  await writeFile(join(folder, 'password'), 'pass word\n');
  expect((await readSecretReference({ file: join(folder, 'password') }, {})).reveal()).toBe('pass word');
  expect((await readSecretReference({ env: 'DB' }, { DB: 'x' })).reveal()).toBe('x');
});

it('says which one is missing', async () => {
  await expect(readSecretReference({ env: 'DB' }, {})).rejects.toMatchObject({
    code: 'secret_reference_missing',
    message: expect.stringContaining('DB'),
  });
  await expect(readSecretReference({ file: join(folder, 'none') }, {})).rejects.toMatchObject({
    code: 'secret_reference_unreadable',
  });
});

it('refuses a file that is no secret but a flood', async () => {
  await writeFile(join(folder, 'flood'), 'x'.repeat(70_000));
  await expect(readSecretReference({ file: join(folder, 'flood') }, {})).rejects.toMatchObject({
    code: 'secret_reference_unreadable',
  });
});

it('does not accept the secret itself', () => {
  expect(SecretReference.safeParse('hunter2').success).toBe(false);
  expect(SecretReference.safeParse({ value: 'hunter2' }).success).toBe(false);
});
