import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

let top: string;
const file = () => join(top, '.github/workflows/ci.yml');
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-cli-'));
  mkdirSync(join(top, '.github/workflows'), { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true }));

const workflow = (steps: string, on = 'push') =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
const INJECTION = workflow(
  '      - run: echo ${{ github.event.issue.title }}\n    permissions: { issues: write }\n',
  'issues',
);
const CHECKOUT = workflow(
  '      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0\n',
);

it('shows what is wrong, and fails from --fail-on', async () => {
  writeFileSync(file(), INJECTION);
  const { code, stdout } = await runCli(['scan', top]);
  expect(code).toBe(1);
  expect(stdout).toContain('high  template-injection');
  expect(stdout).toContain('1 high in 1 file (1 workflow)');
  expect((await runCli(['scan', top, '--fail-on', 'critical'])).code).toBe(0);
  expect((await runCli(['scan', top, '--fail-on', 'never'])).code).toBe(0);
});

it('says how much it looked at when there is nothing to say', async () => {
  writeFileSync(file(), workflow('      - run: make\n'));
  const { code, stdout } = await runCli(['scan', top, '--rule', 'template-injection']);
  expect([code, stdout]).toEqual([0, 'nothing found in 1 file (1 workflow)\n']);
});

it('does not pass where there was nothing to look at', async () => {
  const { code, stderr } = await runCli(['scan', top]);
  expect(code).toBe(2);
  expect(stderr).toContain('no pipeline definition under');
  expect((await runCli(['scan', join(top, 'typo')])).stderr).toContain('no such file or folder');
});

it('does not pass when a file could not be read', async () => {
  writeFileSync(file(), 'a: [');
  const { code, stdout } = await runCli(['scan', top]);
  expect(code).toBe(1);
  expect(stdout).toContain('not read:');
});

it('writes machine formats with names relative to the repository', async () => {
  writeFileSync(file(), INJECTION);
  const sarif = JSON.parse((await runCli(['scan', top, '--format', 'sarif'])).stdout);
  expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
    '.github/workflows/ci.yml',
  );
  const json = JSON.parse((await runCli(['scan', top, '--format', 'json'])).stdout);
  expect(json.findings).toHaveLength(1);
  expect(JSON.parse((await runCli(['--format', 'json', 'scan', top])).stdout).findings).toHaveLength(1);
  const unknown = await runCli(['scan', top, '--format', 'yaml']);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Allowed choices are')]);
});

it('runs the rules that are asked for, by our names and others’', async () => {
  writeFileSync(file(), INJECTION);
  expect((await runCli(['scan', top, '--rule', 'unpinned-action'])).code).toBe(0);
  expect((await runCli(['scan', top, '--rule', 'zizmor/template-injection'])).code).toBe(1);
  const { code, stderr } = await runCli(['scan', top, '--rule', 'template-injektion']);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean "template-injection"?');
});

it('shows a diff without writing, and mends without changing more', async () => {
  writeFileSync(file(), CHECKOUT);
  const { stdout } = await runCli(['scan', top, '--diff']);
  expect(stdout).toContain('+          persist-credentials: false');
  expect(readFileSync(file(), 'utf8')).toBe(CHECKOUT);
  const fixed = await runCli(['scan', top, '--fix']);
  expect(fixed.stderr).toContain('1 finding was mended');
  expect(fixed.stdout).toContain('nothing found');
  expect(readFileSync(file(), 'utf8')).toBe(
    `${CHECKOUT}        with:\n          persist-credentials: false\n`,
  );
  expect((await runCli(['scan', top, '--fix'])).stderr).toContain('0 findings were mended');
});

it('takes what stands behind --fix for a path, and mends unsafely only when that is said', async () => {
  writeFileSync(file(), INJECTION);
  expect((await runCli(['scan', '--fix', top])).stderr).toContain('0 findings were mended');
  expect((await runCli(['scan', '--fix=unsafe', top])).stderr).toContain('1 finding was mended');
  expect((await runCli(['scan', '--fix=all', top])).code).toBe(2);
  expect((await runCli(['scan', '--help'])).stdout).toContain('--fix[=how]');
});

it('does not mend what the repository lets stand', async () => {
  writeFileSync(file(), CHECKOUT);
  writeFileSync(join(top, 'zizmor.yml'), 'rules: { artipacked: { ignore: [ci.yml] } }');
  expect((await runCli(['scan', top, '--fix'])).stderr).toContain('0 findings were mended');
  expect(readFileSync(file(), 'utf8')).toBe(CHECKOUT);
});

it('pins actions to the commits of git repositories in a folder', async () => {
  const mirror = join(top, 'mirror/o/r');
  mkdirSync(mirror, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', mirror, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  git('tag', '-a', '-m', 'one', 'v1');
  git('tag', 'v1.0.2');
  writeFileSync(file(), workflow('      - uses: O/r/sub@v1\n      - uses: o/../../r@v1\n'));
  const { stderr } = await runCli(['scan', top, '--fix', '--pins', join(top, 'mirror')]);
  expect(stderr).toContain('1 finding was mended');
  expect(readFileSync(file(), 'utf8')).toContain(`O/r/sub@${git('rev-parse', 'HEAD')} # v1.0.2\n`);
  expect((await runCli(['scan', top, '--pins', join(top, 'none')])).stderr).toContain('there is no folder');
});

it('lives with a baseline, also after lines moved', async () => {
  writeFileSync(file(), INJECTION);
  const baseline = join(top, 'baseline.json');
  await runCli(['scan', top, '--write-baseline', baseline]);
  writeFileSync(file(), `# a line\n\n${INJECTION}`);
  expect((await runCli(['scan', top, '--baseline', baseline])).code).toBe(0);
  writeFileSync(baseline, '{}');
  const { code, stderr } = await runCli(['scan', top, '--baseline', baseline]);
  expect(code).toBe(2);
  expect(stderr).toContain('is not a baseline');
});

it('judges by the rules of the day that is asked for', async () => {
  const ref = workflow(
    '      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n          ref: ${{ github.event.pull_request.head.sha }}\n      - run: make\n    permissions: { contents: write }\n',
    'pull_request_target',
  );
  writeFileSync(file(), ref);
  expect((await runCli(['scan', top, '--as-of', '2026-01-01'])).stdout).toContain('critical');
  expect((await runCli(['scan', top, '--as-of', '2026-11-01'])).stdout).not.toContain('critical');
  expect((await runCli(['scan', top, '--as-of', 'soon'])).code).toBe(2);
});

it('writes more reports of the same scan into files', async () => {
  writeFileSync(file(), INJECTION);
  const sarif = join(top, 'scan.sarif');
  const page = join(top, 'scan.html');
  const { code, stdout } = await runCli([
    'scan',
    top,
    '--output',
    `sarif=${sarif}`,
    '--output',
    `html=${page}`,
  ]);
  expect(code).toBe(1);
  expect(stdout).toContain('high  template-injection');
  expect(JSON.parse(readFileSync(sarif, 'utf8')).runs[0].results[0].ruleId).toBe('template-injection');
  expect(readFileSync(page, 'utf8')).toContain('template-injection');
});

it('says before it scans what is wrong with a report file, and after it when one cannot be written', async () => {
  writeFileSync(file(), INJECTION);
  const say = async (value: string) => (await runCli(['scan', top, '--output', value])).stderr;
  expect(await say('serif=x')).toContain('Did you mean "sarif"?');
  expect(await say('scan.sarif')).toContain('--output sarif=scan.sarif');
  const nowhere = join(top, 'no/such/folder.sarif');
  const refused = await runCli(['scan', top, '--output', `sarif=${nowhere}`]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('output_unwritable');
});

it('mends for a persona what is shown to it, and nothing else', async () => {
  writeFileSync(file(), INJECTION.replace('permissions: {}', 'permissions:\n  issues: write'));
  const diff = async (...more: string[]) =>
    (await runCli(['scan', top, '--fix=unsafe', '--diff', ...more])).stdout;
  expect(await diff()).toContain('+          ISSUE_TITLE:');
  expect(await diff()).not.toContain('-  issues: write');
  expect(await diff('--persona', 'pedantic')).toContain('-  issues: write');
});
