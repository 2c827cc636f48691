import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { views } from '#scan/views.generated.ts';
import { FakeOsv } from '#scan/views/inventory/testing/fake-osv.ts';
import { runCli } from '../testing/run-cli.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-inspect-'));
  mkdirSync(join(top, '.github/workflows'), { recursive: true });
  writeFileSync(
    join(top, '.github/workflows/ci.yml'),
    'on: issues\npermissions: write-all\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo "${{ github.event.issue.title }}"\n',
  );
});
afterEach(() => rmSync(top, { recursive: true }));

it('lists the views', async () => {
  const { code, stdout } = await runCli(['inspect']);
  expect(code).toBe(0);
  for (const { id } of views) expect(stdout).toContain(id);
});

it.each(views.map(({ id }) => id))('%s: terminal, JSON and Markdown of the same', async (id) => {
  const terminal = await runCli(['inspect', id, top]);
  expect([terminal.code, terminal.stderr]).toEqual([0, '']);
  expect(terminal.stdout.length).toBeGreaterThan(20);
  const json = JSON.parse((await runCli(['inspect', id, top, '--format', 'json'])).stdout);
  expect(json).toMatchObject({ view: id, version: 1 });
  expect((await runCli(['inspect', id, top, '--format', 'markdown'])).stdout).not.toBe('');
});

it.each(views.map(({ id }) => id))('%s has something to say about a repository without risk', async (id) => {
  writeFileSync(
    join(top, '.github/workflows/ci.yml'),
    'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: make\n',
  );
  const { code, stdout } = await runCli(['inspect', id, top]);
  expect(code).toBe(0);
  expect(stdout.length).toBeGreaterThan(20);
});

it('helps with a name that is not quite right', async () => {
  const { code, stderr } = await runCli(['inspect', 'cause', top]);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean "causes"?');
});

it('refuses inputs that the view does not know, and folders without pipelines', async () => {
  const unknown = await runCli(['inspect', 'causes', top, '--with', 'osv=x']);
  expect([unknown.code, unknown.stderr.includes('nothing that causes can use')]).toEqual([2, true]);
  const empty = join(top, '.github/empty');
  mkdirSync(empty);
  expect((await runCli(['inspect', 'causes', empty])).stderr).toContain('no pipeline definition under');
});

it('asks an address for advisories, and says what came of it', async () => {
  const workflow =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: Acme/Thing@v1.0.0\n';
  writeFileSync(join(top, '.github/workflows/ci.yml'), workflow);
  const server = new FakeOsv();
  await server.start();
  const advisory = {
    id: 'GHSA-fake-fake-fake',
    summary: 'a hole',
    affected: [
      {
        package: { ecosystem: 'GitHub Actions', name: 'Acme/Thing' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0.1' }] }],
      },
    ],
  };
  server.advisories.set('GitHub Actions Acme/Thing', [advisory]);
  try {
    const found = await runCli([
      'inspect',
      'inventory',
      top,
      '--with',
      `osv=${server.url}/`,
      '--write',
      join(top, 'out'),
    ]);
    expect(found.stdout).toContain('vulnerable: `acme/thing`');
    expect(found.stdout).toContain('v1.0.0 → v1.0.1');
    expect(readFileSync(join(top, 'out/.github/workflows/ci.yml'), 'utf8')).toBe(
      workflow.replace('v1.0.0', 'v1.0.1'),
    );
    server.first.push({ status: 400 });
    const refused = await runCli(['inspect', 'inventory', top, '--with', `osv=${server.url}`]);
    expect([refused.code, refused.stdout]).toEqual([0, expect.stringContaining('OSV was not heard')]);
  } finally {
    await server.stop();
  }
});

it.each(['http://osv.example.com', 'https://me:secret@osv.example.com', 'https://osv.example.com/?key=1'])(
  'does not ask %s',
  async (address) => {
    const { code, stderr } = await runCli(['inspect', 'inventory', top, '--with', `osv=${address}`]);
    expect([code, stderr.includes('takes an https address')]).toEqual([2, true]);
    expect(stderr).not.toContain('secret');
  },
);

it('takes no address for what is a folder', async () => {
  const { code, stderr } = await runCli([
    'inspect',
    'inventory',
    top,
    '--with',
    'mirror=https://example.com',
  ]);
  expect([code, stderr.includes('is no address')]).toEqual([2, true]);
});
