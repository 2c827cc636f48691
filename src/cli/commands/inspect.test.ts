import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { views } from '#scan/views.generated.ts';
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
