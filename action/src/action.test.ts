import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeVouchgate } from '#cli/testing/fake-vouchgate.ts';
import { createRunner, formatFileCommand } from './runner.ts';

const CANARY = 'first line canary\nGITHUB_INJECTED=1\nghadelimiter';

/** The runner's own reading of a command file: `name<<delimiter`, lines, delimiter. */
function readFileCommands(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split('\n');
  while (lines.length > 1) {
    const [name = '', delimiter = ''] = (lines.shift() ?? '').split('<<');
    const end = lines.indexOf(delimiter);
    expect(end).toBeGreaterThanOrEqual(0);
    found[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n');
  }
  return found;
}

/** A step of a job, as the runner sets it up: files, inputs, and the state of the main step for the post step. */
class SimulatedRunner {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-action-'));
  readonly files = { GITHUB_ENV: '', GITHUB_OUTPUT: '', GITHUB_STATE: '' };
  inputs: Record<string, string> = {};
  env: Record<string, string> = {};

  async run(step: 'main' | 'post'): Promise<{ code: number | null; log: string; shown: string }> {
    const env: Record<string, string> = { ...this.env, PATH: process.env['PATH'] ?? '' };
    for (const name of Object.keys(this.files)) {
      env[name] = path.join(this.folder, `${step}-${name}`);
      writeFileSync(env[name], '');
    }
    const inputs = { 'export-environment': 'true', ...this.inputs };
    for (const [name, value] of Object.entries(inputs)) env[`INPUT_${name.toUpperCase()}`] = value;
    const state = readFileCommands(this.files.GITHUB_STATE);
    for (const [name, value] of Object.entries(state)) env[`STATE_${name}`] = value;
    const entry = fileURLToPath(new URL(`./${step}.ts`, import.meta.url));
    const child = spawn(process.execPath, [entry], { env, timeout: 10_000 });
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    if (step === 'main') {
      this.files.GITHUB_ENV = readFileSync(env['GITHUB_ENV'] ?? '', 'utf8');
      this.files.GITHUB_OUTPUT = readFileSync(env['GITHUB_OUTPUT'] ?? '', 'utf8');
      this.files.GITHUB_STATE = readFileSync(env['GITHUB_STATE'] ?? '', 'utf8');
    }
    return { code, log, shown: log.replace(/^::add-mask::.*$/gmu, '') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

let fake: FakeVouchgate;
let runner: SimulatedRunner;
beforeEach(async () => {
  fake = await new FakeVouchgate().listen();
  fake.resources.set('shop-db', {
    credentialType: 'postgres',
    values: { username: 'vg_shop', password: CANARY },
    environment: { PGUSER: 'username', PGPASSWORD: 'password' },
  });
  runner = new SimulatedRunner();
  runner.env = fake.githubEnvironment();
  runner.inputs = { server: fake.url, resources: 'shop-db' };
});
afterEach(async () => {
  await fake.close();
  runner.remove();
});

function states(): string[] {
  return [...fake.leases.values()].map(({ state }) => state);
}

describe('the action', () => {
  it('masks first, then exports, and revokes in its post step', async () => {
    const main = await runner.run('main');
    expect(main.code).toBe(0);
    const mask = main.log.indexOf('::add-mask::first line canary');
    expect(mask).toBeGreaterThanOrEqual(0);
    expect(mask).toBeLessThan(main.log.indexOf('shop-db: issued for'));
    expect(readFileCommands(runner.files.GITHUB_ENV)).toEqual({ PGUSER: 'vg_shop', PGPASSWORD: CANARY });
    expect(readFileCommands(runner.files.GITHUB_OUTPUT)).toMatchObject({
      'shop-db.password': CANARY,
      decisions: expect.stringContaining('"shop-db":"dec_'),
    });
    expect(states()).toEqual(['active']);
    const post = await runner.run('post');
    expect(post.code).toBe(0);
    expect(states()).toEqual(['revoked']);
    for (const { token } of fake.leases.values()) expect(main.shown + post.shown).not.toContain(token);
    expect(main.shown + post.shown).not.toContain('canary');
  });

  it('gets a token of its own for each resource, and sets single fields under their own names', async () => {
    fake.resources.set('registry', {
      credentialType: 'sealed-secret',
      values: { value: 'registry-canary' },
      valueField: 'value',
      environment: { REGISTRY_TOKEN: 'value' },
    });
    runner.inputs['environment'] = '\n  NPM_TOKEN=registry.value\n';
    expect((await runner.run('main')).code).toBe(0);
    expect(fake.tokensMinted).toBe(2);
    expect(Object.keys(readFileCommands(runner.files.GITHUB_ENV))).toEqual([
      'NPM_TOKEN',
      'PGUSER',
      'PGPASSWORD',
    ]);
  });

  it('sets outputs only when it is told not to export', async () => {
    runner.inputs['export-environment'] = 'false';
    expect((await runner.run('main')).code).toBe(0);
    expect(runner.files.GITHUB_ENV).toBe('');
    expect(readFileCommands(runner.files.GITHUB_OUTPUT)).toHaveProperty('shop-db.username', 'vg_shop');
  });

  it('fails with the reason, exports nothing, and revokes what it had been given', async () => {
    runner.inputs['resources'] = 'shop-db\nunknown';
    const main = await runner.run('main');
    expect(main.code).toBe(1);
    expect(main.log).toContain('::error::unknown: refused: refused by the fake: resource_unknown');
    expect(runner.files.GITHUB_ENV).toBe('');
    await runner.run('post');
    expect(states()).toEqual(['revoked']);
  });

  it('says which permission the job lacks', async () => {
    runner.env = { GITHUB_ACTIONS: 'true' };
    const main = await runner.run('main');
    expect(main).toMatchObject({ code: 1, log: expect.stringMatching(/^::error::.*id-token: write/u) });
  });

  it('warns, and does not fail the job, when it cannot revoke', async () => {
    await runner.run('main');
    await fake.close();
    const post = await runner.run('post');
    expect(post.code).toBe(0);
    expect(post.log).toContain('::warning::shop-db: lease lse_');
    fake = await new FakeVouchgate().listen();
  });
});

describe('a line of the log', () => {
  it.each([
    // The runner looks past blanks for `::`, and anywhere in a line for `##[`.
    ['  ::save-state name=lease_0::x', '  \\::save-state name=lease_0::x\n'],
    ['a ##[save-state name=lease_0]x', 'a #\\#[save-state name=lease_0]x\n'],
    ['two\n::error::lines', 'two\\u000a::error::lines\n'],
    ['Project::"github/1" is no command', 'Project::"github/1" is no command\n'],
  ])('is never a command, whoever wrote its words: %j', (message, expected) => {
    let written = '';
    createRunner({}, (text) => (written += text)).info(message);
    expect(written).toBe(expected);
  });
});

describe('a file command', () => {
  it('is read back as it was written, whatever the value holds', () => {
    const values = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\r', ''));
    fc.assert(
      fc.property(values, (value) => {
        expect(readFileCommands(formatFileCommand('NAME', value))).toEqual({ NAME: value });
      }),
    );
  });

  it('refuses a name or a value that would break out of it', () => {
    expect(() => formatFileCommand('A\nB', 'x')).toThrow();
    expect(() => formatFileCommand('A<<B', 'x')).toThrow();
    expect(() => formatFileCommand('A', 'x\nend\nB=1', 'end')).toThrow();
  });
});
