import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_LINK, FakeVouchgate, SESSION_TOKEN } from '../testing/fake-vouchgate.ts';
import { runCli } from '../testing/run-cli.ts';

let fake: FakeVouchgate;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-cli-'));
  fake = await new FakeVouchgate().listen();
});
afterEach(async () => {
  await fake.close();
  rmSync(folder, { recursive: true });
});

describe('a person', () => {
  it('logs in once, is known to that server only, and logs out', async () => {
    const env = { XDG_CONFIG_HOME: folder };
    const link = `${fake.url}/admin#link=${ADMIN_LINK}`;
    const login = await runCli(['login', link], { env });
    expect(login.code).toBe(0);
    expect(login.stdout).toContain(`Logged in to ${fake.url} as admin`);
    const file = path.join(folder, 'vouchgate', 'session.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await runCli(['leases', 'list'], { env })).code).toBe(0);
    const elsewhere = await runCli(['leases', 'list', '--server', 'https://other.test'], { env });
    expect(elsewhere.code).toBe(3);
    expect(elsewhere.stderr).toContain('[session_missing]');
    expect((await runCli(['logout'], { env })).code).toBe(0);
    expect((await runCli(['leases', 'list'], { env })).code).toBe(3);
    expect(fake.requests.at(-1)).toEqual({ method: 'DELETE', path: '/v1/sessions/current' });
  });

  it('needs no login where the environment has an API token, which goes before a session', async () => {
    const env = { XDG_CONFIG_HOME: folder, VOUCHGATE_URL: fake.url, VOUCHGATE_SESSION_TOKEN: 'vgs_other' };
    expect((await runCli(['leases', 'list'], { env })).code).toBe(3);
    const withToken = { ...env, VOUCHGATE_TOKEN: SESSION_TOKEN };
    expect((await runCli(['leases', 'list'], { env: withToken })).code).toBe(0);
  });

  it('may give the link on standard input, and is told when it is none', async () => {
    const env = { XDG_CONFIG_HOME: folder, VOUCHGATE_URL: fake.url };
    expect((await runCli(['login'], { env, stdin: `${ADMIN_LINK}\n` })).code).toBe(0);
    expect((await runCli(['login', 'https://vouchgate.test/'], { env })).code).toBe(2);
    const used = await runCli(['login', `vgl_${'x'.repeat(43)}`], { env });
    expect(used.code).toBe(3);
    expect(used.stderr).toContain('the link is unknown or used');
  });

  it('is not trusted with a session file that others may read', async () => {
    mkdirSync(path.join(folder, 'vouchgate'));
    const file = path.join(folder, 'vouchgate', 'session.json');
    writeFileSync(
      file,
      JSON.stringify({ server: fake.url, token: SESSION_TOKEN, expiresAt: '2999-01-01T00:00:00Z' }),
      {
        mode: 0o644,
      },
    );
    const { code, stderr } = await runCli(['leases', 'list'], { env: { XDG_CONFIG_HOME: folder } });
    expect(code).toBe(2);
    expect(stderr).toContain('others may read the file');
    expect(stderr).not.toContain(SESSION_TOKEN);
  });
});
