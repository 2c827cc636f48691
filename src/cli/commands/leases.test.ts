import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeVouchgate, SESSION_TOKEN } from '../testing/fake-vouchgate.ts';
import { runCli } from '../testing/run-cli.ts';

const CANARY = 'pa55word-canary';

let fake: FakeVouchgate;
beforeEach(async () => {
  fake = await new FakeVouchgate().listen();
  fake.resources.set('shop-db', {
    credentialType: 'postgres',
    values: { username: 'vg_shop', password: CANARY },
    environment: { PGUSER: 'username', PGPASSWORD: 'password' },
  });
  fake.resources.set('registry', {
    credentialType: 'sealed-secret',
    values: { value: 'registry-canary' },
    valueField: 'value',
    environment: { REGISTRY_TOKEN: 'value' },
    renewable: false,
    revocable: false,
  });
});
afterEach(async () => {
  await fake.close();
});

function job(): Record<string, string> {
  return { VOUCHGATE_URL: fake.url, VOUCHGATE_ID_TOKEN: fake.mint() };
}

function person(): Record<string, string> {
  return { VOUCHGATE_URL: fake.url, VOUCHGATE_SESSION_TOKEN: SESSION_TOKEN };
}

describe('vouchgate leases', () => {
  it('lists, shows and revokes', async () => {
    await runCli(['credential', 'shop-db'], { env: job() });
    await runCli(['credential', 'registry'], { env: job() });
    const [id = ''] = fake.leases.keys();
    const listed = (await runCli(['leases', 'list'], { env: person() })).stdout;
    expect(listed).toMatch(new RegExp(`^active {7}shop-db +${id}\n {13}acme/shop@main, until `, 'mu'));
    expect(listed.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect((await runCli(['leases', 'show', id], { env: person() })).stdout).toMatch(
      /^made: role +vg_shop$/mu,
    );
    expect((await runCli(['leases', 'revoke', id], { env: person() })).stdout).toBe('1 ended\n');
    const all = await runCli(['leases', 'revoke', '--resource', 'registry', '--all', '--format', 'json'], {
      env: person(),
    });
    expect(JSON.parse(all.stdout)).toEqual({ revoked: 1, pending: [] });
    expect((await runCli(['leases', 'show', 'lse_none'], { env: person() })).code).toBe(1);
  });

  it.each([[[]], [['--resource', 'shop-db']], [['lse_1', '--all']], [['lse_1', '--resource', 'x']]])(
    'does not guess what revoke %j means',
    async (argv) => {
      expect((await runCli(['leases', 'revoke', ...argv], { env: person() })).code).toBe(2);
    },
  );
});
