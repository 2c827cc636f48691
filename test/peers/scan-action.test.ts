import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../../tools/build.ts';
import { installAct } from './act/install-act.ts';
import { CHECKOUT, makeProgramPath } from './act/sample-repository.ts';

const act = installAct();
const note = 'missing' in act ? `SKIPPED: ${act.missing}` : 'a real runner, the package as it is published';
const program = 'path' in act ? act.path : '';
const COMMIT = '0123456789012345678901234567890123456789';
const RUN_MS_MAX = 90_000;

const workflow = (tarball: string) => `on: push
permissions:
  contents: read
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - id: scan
        uses: acme/vouchgate/action/scan@${COMMIT}
        with:
          package: ${tarball}
      - if: failure()
        env:
          SARIF: \${{ steps.scan.outputs.sarif-file }}
        run: test -s "$SARIF" && echo "the report is there"
`;

const VULNERABLE = `on: issues
permissions:
  contents: write
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ github.event.issue.title }}"
`;

/** How this machine reaches its package registry, which a runner has in its own settings. */
function registrySettings(): string[] {
  const setting = (name: string) =>
    spawnSync('npm', ['config', 'get', name], { encoding: 'utf8' }).stdout.trim();
  const { NODE_EXTRA_CA_CERTS: certificates } = process.env;
  return [
    `--env=npm_config_registry=${setting('registry')}`,
    `--env=npm_config_cache=${setting('cache')}`,
    ...(certificates === undefined ? [] : [`--env=NODE_EXTRA_CA_CERTS=${certificates}`]),
  ];
}

describe.skipIf('missing' in act)(`the scan action (${note})`, () => {
  let folder: string;
  let repository: string;
  let path: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vouchgate-scan-action-'));
    repository = join(folder, 'repository');
    await buildPackage(join(folder, 'package'));
    execFileSync('npm', ['pack', '--silent', join(folder, 'package')], { cwd: folder });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    cpSync(join(CHECKOUT, 'action'), join(folder, 'vouchgate/action'), { recursive: true });
    path = await makeProgramPath(join(folder, 'bin'));
    mkdirSync(join(folder, 'home'));
    mkdirSync(join(repository, '.github/workflows'), { recursive: true });
    writeFileSync(join(repository, '.github/workflows/scan.yml'), workflow(join(folder, tarball)));
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'ann');
    git('config', 'user.email', 'ann@acme.example');
    git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
    commit();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, stdio: 'ignore' });
  function commit(): void {
    git('add', '--all');
    git('commit', '--quiet', '--message=Change');
  }
  function runJob(): { status: number | null; log: string } {
    const args = [
      'push',
      '--job=scan',
      '--strict',
      '--platform=ubuntu-latest=-self-hosted',
      '--no-cache-server',
      `--action-cache-path=${join(folder, 'home/act')}`,
      ...registrySettings(),
      `--local-repository=acme/vouchgate@${COMMIT}=${join(folder, 'vouchgate')}`,
    ];
    const env = { PATH: path, HOME: join(folder, 'home') };
    const run = spawnSync(program, args, { cwd: repository, env, encoding: 'utf8', timeout: RUN_MS_MAX });
    return { status: run.status, log: `${run.stdout}${run.stderr}` };
  }

  it('passes where nothing is wrong', () => {
    expect(runJob()).toMatchObject({ status: 0 });
  });

  it('marks the line, fails the job, and leaves the report for code scanning', () => {
    writeFileSync(join(repository, '.github/workflows/greet.yml'), VULNERABLE);
    commit();
    const { status, log } = runJob();
    expect(status).toBe(1);
    expect(log).toMatch(/greet\.yml.*template-injection|template-injection.*greet\.yml/u);
    expect(log).toContain('the report is there');
    expect(readFileSync(join(repository, '.github/workflows/greet.yml'), 'utf8')).toBe(VULNERABLE);
  });

  it('runs nothing but an exact version', () => {
    const file = join(repository, '.github/workflows/scan.yml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/package: .*/u, 'package: vouchgate@latest'));
    commit();
    const { status, log } = runJob();
    expect(status).toBe(1);
    expect(log).toContain('is no exact version');
  });
});
