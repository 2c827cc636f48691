import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#server/server.fake.ts';
import { runCli } from '../testing/run-cli.ts';

const SARIF = (rules: readonly string[]) =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'AcmeScan' } },
        results: rules.map((ruleId) => ({
          ruleId,
          level: 'error',
          message: { text: `${ruleId} \u001b[2J is bad` },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'a.ts' }, region: { startLine: 3 } } }],
        })),
      },
    ],
  });

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-import-'));
  file = path.join(folder, 'a.sarif');
  await writeFile(file, SARIF(['r1', 'r2']));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('vouchgate import --dry-run', () => {
  it('prints findings and warnings, and needs no server', async () => {
    const { code, stdout } = await runCli(['import', file, '--dry-run', '--format', 'json']);
    expect(code).toBe(0);
    const read: { findings: object[]; warnings: object[] } = JSON.parse(stdout);
    expect(Object.keys(read)).toEqual(['findings', 'warnings']);
    expect(read.findings).toMatchObject([
      { tool: 'acmescan', ruleId: 'r1', place: { file: 'a.ts', line: 3 } },
      { tool: 'acmescan', ruleId: 'r2' },
    ]);
  });

  it('reads standard input, and says what it is', async () => {
    const { code, stdout } = await runCli(['import', '-', '--dry-run'], { stdin: SARIF(['r1']) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^standard input: 1 finding of SARIF.*: 1 high\n$/);
  });

  it('reads the output of our own scan', async () => {
    const scan = await runCli(['scan', '--format', 'json', '.github']);
    const read = await runCli(['import', '-', '--dry-run'], { stdin: scan.stdout });
    expect(read).toMatchObject({ code: 0, stdout: expect.stringContaining('of Vouchgate') });
  });

  it('fails for what it cannot read, and reads the others all the same', async () => {
    const one = await runCli(['import', path.join(folder, 'none.json'), '--dry-run']);
    expect(one.code).toBe(2);
    expect(one.stderr).toContain('report_file_unreadable');
    expect((await runCli(['import', folder, '--dry-run'])).stderr).toContain('it is a folder');
    const odd = path.join(folder, 'odd.json');
    await writeFile(odd, '{"neither": "nor"}');
    const both = await runCli(['import', odd, file, '--dry-run', '--format', 'json']);
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('report_unknown');
    expect(JSON.parse(both.stdout).findings).toHaveLength(2);
    expect((await runCli(['import', '-', '-', '--dry-run'])).code).toBe(2);
    expect((await runCli(['import', file, '--as', 'sarfi', '--dry-run'])).stderr).toContain('sarif');
  });
});

describe('vouchgate import and findings', () => {
  let server: TestServer;
  let env: Record<string, string>;
  beforeEach(async () => {
    server = await startTestServer();
    env = { VOUCHGATE_URL: server.url, VOUCHGATE_SESSION_TOKEN: server.openSession() };
  });
  afterEach(() => server.close());

  const run = (...argv: string[]) => runCli(argv, { env });

  it('hands reports in, and says what is new and what is gone', async () => {
    expect((await run('import', file)).stderr).toContain('--repository');
    const job = {
      ...env,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_REF_NAME: 'main',
    };
    const first = await runCli(['import', file], { env: job });
    expect(first).toMatchObject({
      code: 0,
      stdout: 'a.sarif: 2 of acmescan: 2 new, 0 still there, 0 fixed\n',
    });
    await writeFile(file, SARIF(['r1']));
    const second = await runCli(['import', file, '--format', 'json'], { env: job });
    expect(JSON.parse(second.stdout).reports).toMatchObject([
      { commit: 'a'.repeat(40), counts: [{ target: 'branch=main', new: 0, stillThere: 1, fixed: 1 }] },
    ]);
  });

  it('does not let two reports replace each other', async () => {
    const second = path.join(folder, 'b.sarif');
    await writeFile(second, SARIF(['r3']));
    const both = await run('import', file, second, '--repository', 'acme/shop');
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('would replace each other: both are of acmescan');
    expect((await run('findings', 'list')).stdout).toBe('There are no such findings.\n');
  });

  it('lists, shows and decides, in 80 columns and without control characters', async () => {
    await run('import', file, '--repository', 'acme/shop');
    const { stdout: listed, stderr: warned } = await run('findings', 'list');
    expect(warned).toBe('vouchgate: priorities: the KEV feed is not read yet\n');
    expect(listed).toMatch(/^ {1,2}\d+ {2}high {6}acmescan\/r\d +fnd_\w{26}\n {5}r\d \uFFFD\[2J is bad\n/);
    expect(listed.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const { findings } = JSON.parse((await run('findings', 'list', '--format', 'json')).stdout);
    const [id, other] = findings.map((finding: { id: string }) => finding.id);
    const accepted = await run(
      'findings',
      'accept',
      id,
      '--owner',
      'shop',
      '--reason',
      'test data',
      '--until',
      '2099-01-01',
    );
    expect(accepted.stderr).toContain('three years');
    const until = new Date(server.time.nowMs + 30 * 86_400_000).toISOString().slice(0, 10);
    expect((await run('findings', 'accept', id, '--owner', 'shop', '--reason', 'test data')).code).toBe(2);
    const done = await run(
      'findings',
      'accept',
      id,
      '--owner',
      'shop',
      '--reason',
      'test data',
      '--until',
      until,
    );
    expect(done.stdout).toBe('1 decided\n');
    const shown = (await run('findings', 'show', id)).stdout;
    expect(shown).toMatch(/^state +waived$/m);
    expect(shown).toContain(`accepted, until`);
    expect(shown).toMatch(/^ {4}45 +severity high\n {2}× 0\.9 +the tool does not say how sure it is$/m);
    expect(shown).not.toContain('\u001b');
    expect((await run('findings', 'list')).stdout).not.toContain(id);
    expect((await run('findings', 'list', '--state', 'waived')).stdout).toContain(id);
    expect((await run('findings', 'list', '--state', 'all')).stdout).toContain(id);
    expect((await run('findings', 'restore', id, '--reason', 'after all')).stdout).toBe('1 decided\n');
    expect((await run('findings', 'false-positive', other, '--reason', 'no')).stdout).toBe('1 decided\n');
    expect((await run('findings', 'assign', id, '--to', 'mia')).stdout).toBe('1 decided\n');
    expect((await run('findings', 'comment', id, '--text', 'hm')).stdout).toBe('1 decided\n');
    const log = (await run('findings', 'show', id)).stdout;
    for (const word of ['restored', 'assigned, to mia', 'comment, hm']) expect(log).toContain(word);
    const missing = await run('findings', 'comment', 'fnd_none', '--text', 'hm');
    expect(missing).toMatchObject({ code: 1, stdout: '0 decided\nnot there: fnd_none\n' });
    expect((await run('findings', 'show', 'fnd_none')).code).toBe(1);
    expect((await run('findings', 'groups', '--repository', 'acme/shop')).stdout).toContain('No two tools');
    expect((await run('findings', 'groups')).code).toBe(2);
  });
});
