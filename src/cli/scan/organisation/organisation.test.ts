import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runCli } from '../../testing/run-cli.ts';
import { describeProgress } from './progress.ts';

// Each scan starts threads that load all rules; on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000 });

let top: string;
const out = () => path.join(top, '..', `${path.basename(top)}-out`);
beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'vouchgate-org-cli-'));
  for (const [name, title] of [
    ['acme/app', 'github.event.issue.title'],
    ['acme/<b>`x`', 'github.event.issue.body'],
  ]) {
    const folder = path.join(top, name ?? '', '.github/workflows');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, 'ci.yml'),
      `on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions: { issues: write }\n    steps:\n      - run: echo "\${{ ${title} }}"\n`,
    );
  }
});
afterEach(() => {
  rmSync(top, { recursive: true });
  rmSync(out(), { recursive: true, force: true });
});
const scan = (...more: string[]) => runCli(['scan', '--org', top, '--rule', 'template-injection', ...more]);

it('shows where to begin, fails from --fail-on, and writes nothing that it was not asked to', async () => {
  const { code, stdout, stderr } = await scan();
  expect(code).toBe(1);
  expect(stdout).toContain('2 high in 2 repositories (2 files; 0 without pipelines, 0 not fully looked at)');
  expect(stdout).toContain('acme/app  1 high');
  expect(stdout).toContain('Settings of the platform were not asked for');
  expect(stderr).toContain('2 repositories looked at');
  expect(existsSync(out())).toBe(false);
  expect((await scan('--fail-on', 'never')).code).toBe(0);
});

it('writes reports for each repository and a summary, the same each time', async () => {
  const format = [
    '--output-folder',
    out(),
    '--repository-format',
    'sarif',
    '--repository-format',
    'json',
    '--as-of',
    '2026-11-01',
  ];
  const first = await scan(...format, '--format', 'json');
  const summary = readFileSync(path.join(out(), 'summary.json'), 'utf8');
  expect(JSON.parse(first.stdout)).toEqual(JSON.parse(summary));
  expect(JSON.parse(summary)).toMatchObject({
    repositories: { all: 2, scanned: 2 },
    byRule: [{ rule: 'template-injection', findings: 2 }],
  });
  expect(JSON.parse(readFileSync(path.join(out(), 'repositories/acme/app.sarif.json'), 'utf8')).version).toBe(
    '2.1.0',
  );
  expect(
    JSON.parse(readFileSync(path.join(out(), 'repositories/acme/app.json'), 'utf8')).findings,
  ).toHaveLength(1);
  const again = await scan(...format, '--format', 'json');
  expect(again.stdout).toBe(first.stdout);
  expect(again.stderr).toContain('0 repositories looked at; 2 as they were');
});

it('makes a page and a comment in which names are words, never markup', async () => {
  expect((await scan('--format', 'html')).stdout).not.toContain('<b>`x`');
  const { stdout } = await scan('--format', 'markdown');
  expect(stdout).toContain('| `` acme/<b>`x` `` |');
});

it('refuses what has no meaning for many repositories', async () => {
  expect((await scan('--fix')).stderr).toContain('--fix is for one repository');
  expect((await scan('.')).stderr).toContain('a path is for one repository');
  expect((await scan('--format', 'junit')).stderr).toContain('no summary of an organisation as junit');
  expect((await scan('--github-org', 'acme')).stderr).toContain('one at a time');
  expect((await runCli(['scan', '--org', path.join(top, 'typo')])).code).toBe(2);
});

it('asks a platform only with a token, and an address that is one', async () => {
  const { code, stderr } = await runCli(['scan', '--github-org', 'acme']);
  expect(code).toBe(2);
  expect(stderr).toContain('GITHUB_TOKEN or GH_TOKEN is not set');
  const url = ['--api-url', 'https://user:password@example.com'];
  const refused = await runCli(['scan', '--gitlab-group', 'acme', ...url], { env: { GITLAB_TOKEN: 'x' } });
  expect(refused.stderr).toContain('is not an address');
});

it('says how fast it goes and how long it will take', () => {
  const line = describeProgress({ done: 50, all: 150, findings: 7 }, 5_000);
  expect(line).toBe('scanning: 50 of 150 repositories, 7 findings, 10 a second, 10 s left');
});
