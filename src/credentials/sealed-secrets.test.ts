import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '#core/secret.ts';
import { createRecordingLogger, EXAMPLE_NOW_MS } from './credential-provider.fakes.ts';
import type { SealedSecretStore, StoredSealedSecret } from './ports.ts';
import { createSealedSecrets } from './sealed-secrets.ts';
import { createSealer } from './sealing/envelope.ts';

const CANARY = 'canary-51b0aa';
const DAY_MS = 86_400_000;

function setUp() {
  const rows = new Map<string, StoredSealedSecret>();
  const store: SealedSecretStore = {
    get: async (name) => rows.get(name),
    put: async (secret) => {
      rows.set(secret.name, secret);
    },
    list: async () =>
      [...rows.values()].map(({ name, updatedAtMs, rotateByMs }) => ({ name, updatedAtMs, rotateByMs })),
  };
  const clock = { now: EXAMPLE_NOW_MS, nowMs: () => clock.now };
  const log = createRecordingLogger();
  const secrets = createSealedSecrets({ store, sealer: createSealer(randomBytes(32)), clock, log });
  return { rows, clock, log, secrets };
}

describe('sealed secrets', () => {
  it('are read as they were put, and stored encrypted', async () => {
    const { secrets, rows } = setUp();
    await secrets.put('npm-token', new Secret(CANARY));
    expect((await secrets.read('npm-token'))?.reveal()).toBe(CANARY);
    expect(JSON.stringify([...rows])).not.toContain(CANARY);
    await expect(secrets.read('other')).resolves.toBeUndefined();
  });

  it('cannot be swapped in the store', async () => {
    const { secrets, rows } = setUp();
    await secrets.put('mine', new Secret('mine'));
    await secrets.put('yours', new Secret(CANARY));
    const [mine, yours] = [rows.get('mine'), rows.get('yours')];
    if (mine === undefined || yours === undefined) throw new Error('nothing was stored');
    rows.set('mine', { ...mine, sealedValue: yours.sealedValue });
    await expect(secrets.read('mine')).rejects.toMatchObject({ code: 'sealed_not_authentic' });
  });

  it('are still given out when overdue, shown as debt and warned of once an hour', async () => {
    const { secrets, clock, log } = setUp();
    await secrets.put('npm-token', new Secret(CANARY), EXAMPLE_NOW_MS + DAY_MS);
    await secrets.read('npm-token');
    expect(log.lines).toEqual([]);
    expect(await secrets.list()).toEqual([
      { name: 'npm-token', updatedAtMs: EXAMPLE_NOW_MS, rotateByMs: EXAMPLE_NOW_MS + DAY_MS, overdue: false },
    ]);
    clock.now += DAY_MS;
    for (let use = 0; use < 10; use += 1) await secrets.read('npm-token');
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain('sealed_secret.overdue');
    clock.now += 3_600_000;
    await secrets.read('npm-token');
    expect(log.lines).toHaveLength(2);
    expect(log.lines.join('')).not.toContain(CANARY);
    expect((await secrets.list())[0]?.overdue).toBe(true);
  });

  it.each(['', 'Upper', '../x', 'a/b', '-x', 'x'.repeat(129), 'a b'])(
    'do not take the name %j',
    async (name) => {
      const { secrets } = setUp();
      await expect(secrets.put(name, new Secret('x'))).rejects.toMatchObject({ code: 'secret_name_invalid' });
      await expect(secrets.read(name)).rejects.toMatchObject({ code: 'secret_name_invalid' });
    },
  );

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(32_769)],
    ['not text', '\udc00'],
  ])('do not take a value that is %s', async (_, value) => {
    await expect(setUp().secrets.put('x', new Secret(value))).rejects.toMatchObject({
      code: 'secret_value_invalid',
    });
  });

  it.each([EXAMPLE_NOW_MS, 0, Number.NaN, 1.5])(
    'do not take %d as the date to rotate by',
    async (rotateByMs) => {
      await expect(setUp().secrets.put('x', new Secret('x'), rotateByMs)).rejects.toMatchObject({
        code: 'secret_rotate_by_invalid',
      });
    },
  );
});
