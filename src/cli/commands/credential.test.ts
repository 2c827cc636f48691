import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { quoteForShell } from '../job/credential-formats.ts';
import { FakeVouchgate } from '../testing/fake-vouchgate.ts';
import { runCli } from '../testing/run-cli.ts';

const CANARY = "pa55'word\n$(canary)";

let fake: FakeVouchgate;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-cli-'));
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
  rmSync(folder, { recursive: true });
});

function job(): Record<string, string> {
  return { VOUCHGATE_URL: fake.url, VOUCHGATE_ID_TOKEN: fake.mint() };
}

describe('vouchgate credential', () => {
  it('prints exports that a shell reads back exactly', async () => {
    const { code, stdout, stderr } = await runCli(['credential', 'shop-db', '--as', 'env'], { env: job() });
    expect(code).toBe(0);
    const shown = execFileSync('sh', ['-c', 'eval "$1"; printf %s "$PGPASSWORD"', 'sh', stdout]).toString();
    expect(shown).toBe(CANARY);
    expect(stderr).toContain('vouchgate leases revoke lse_');
    expect(stderr).not.toContain('canary');
  });

  it('quotes any text for a shell', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, (value) => {
        const shown = execFileSync('sh', ['-c', `printf %s ${quoteForShell(value)}`]).toString();
        expect(shown).toBe(value);
      }),
      { numRuns: 50 },
    );
  });

  it('masks before it prints, on stderr, so that what is captured stays clean', async () => {
    const env = { ...fake.githubEnvironment(), VOUCHGATE_URL: fake.url };
    const { stdout, stderr } = await runCli(['credential', 'registry', '--as', 'json'], { env });
    expect(stderr).toContain('::add-mask::registry-canary\n');
    expect(JSON.parse(stdout)).toMatchObject({ values: { value: 'registry-canary' } });
  });

  it('answers as a credential_process for AWS, and only for AWS credentials', async () => {
    fake.resources.set('deploy', {
      credentialType: 'aws-sts',
      values: { keyId: 'ASIATEST', secret: 's', session: 't' },
      environment: {
        AWS_ACCESS_KEY_ID: 'keyId',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: 'session',
      },
      renewable: false,
      revocable: false,
    });
    const { stdout } = await runCli(['credential', 'deploy', '--as', 'aws-process'], { env: job() });
    const printed: unknown = JSON.parse(stdout);
    expect(printed).toMatchObject({
      Version: 1,
      AccessKeyId: 'ASIATEST',
      SecretAccessKey: 's',
      SessionToken: 't',
    });
    expect(printed).toHaveProperty('Expiration', expect.stringMatching(/^\d{4}-.*Z$/u));
    const wrong = await runCli(['credential', 'shop-db', '--as', 'aws-process'], { env: job() });
    expect(wrong.code).toBe(2);
    expect([...fake.leases.values()].at(-1)?.state).toBe('revoked');
  });

  it('writes one bare value to a file that nobody else can read', async () => {
    const file = path.join(folder, 'token');
    writeFileSync(file, 'old', { mode: 0o644 });
    const { code, stdout } = await runCli(['credential', 'registry', '--as', 'file', '-o', file], {
      env: job(),
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toBe('registry-canary');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('refuses to write through a symbolic link or over a folder', async () => {
    const link = path.join(folder, 'link');
    symlinkSync(path.join(folder, 'target'), link);
    mkdirSync(path.join(folder, 'sub'));
    for (const file of [link, path.join(folder, 'sub'), path.join(folder, 'none', 'x')]) {
      const { code, stderr } = await runCli(['credential', 'registry', '--as', 'file', '-o', file], {
        env: job(),
      });
      expect(code).toBe(2);
      expect(stderr).toContain('[output_refused]');
      expect(stderr).not.toContain('canary');
    }
  });

  it('prints to a terminal only when it is told to', async () => {
    const refused = await runCli(['credential', 'registry'], { env: job(), isTty: true });
    expect(refused.code).toBe(2);
    expect(fake.leases.size).toBe(0);
    const shown = await runCli(['credential', 'registry', '--show'], { env: job(), isTty: true });
    expect(shown.stdout).toBe("export REGISTRY_TOKEN='registry-canary'\n");
  });

  it('asks for a shorter life', async () => {
    const { stdout } = await runCli(['credential', 'shop-db', '--as', 'json', '--ttl', '1m'], { env: job() });
    const [, expiresAt = ''] = /"expiresAt":"([^"]+)"/u.exec(stdout) ?? [];
    expect(Date.parse(expiresAt) - systemClock.nowMs()).toBeLessThanOrEqual(60_000);
    expect((await runCli(['credential', 'shop-db', '--ttl', '1 minute'], { env: job() })).code).toBe(2);
  });

  it('gives a denial as JSON on stderr when JSON is asked for', async () => {
    const { code, stdout, stderr } = await runCli(['credential', 'unknown', '--format', 'json'], {
      env: job(),
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'resource_unknown', resource: 'unknown' } });
  });
});
