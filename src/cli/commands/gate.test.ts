import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanWorkflow, DEPLOY, poisonedWorkflow } from '#posture/testing/workflows.ts';
import { runCli } from '../testing/run-cli.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-gate-'));
});
afterEach(() => rmSync(top, { recursive: true }));

function put(file: string, text: string): void {
  mkdirSync(dirname(join(top, file)), { recursive: true });
  writeFileSync(join(top, file), text);
}

function git(...args: string[]): void {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.example'];
  execFileSync('git', ['-C', top, ...who, ...args], { env, stdio: 'ignore' });
}

/** Commits everything, and has it stand for the default branch of the origin. */
function merge(): void {
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'merged');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
}

async function gate(...args: string[]) {
  return runCli(['gate', top, ...args]);
}

async function decision(...args: string[]) {
  const { code, stdout, stderr } = await gate(...args, '--format', 'json');
  return { code, stderr, ...JSON.parse(stdout) };
}

describe('the gate', () => {
  it('is open for a clean pipeline, and names what it judged', async () => {
    put(DEPLOY, cleanWorkflow);
    const { code, stdout } = await gate();
    expect(code).toBe(0);
    expect(stdout).toContain('The gate is open');
    expect(stdout).toMatch(/definitions:\s+sha256:/);
  });

  it('is closed for a poisoned one, with the finding, the line and the fix', async () => {
    put(DEPLOY, poisonedWorkflow);
    const { code, stdout } = await gate();
    expect(code).toBe(1);
    expect(stdout).toContain('The gate is closed');
    expect(stdout).toContain(`✗ critical  untrusted-checkout  ${DEPLOY}:10`);
    expect(stdout).toMatch(/→ \S+/);
    expect(stdout).toContain('critical and high findings block');
  });

  it('judges one definition and what it is made of', async () => {
    put(DEPLOY, cleanWorkflow);
    put('.github/workflows/other.yml', poisonedWorkflow);
    expect((await gate('--workflow', DEPLOY)).code).toBe(0);
    expect((await gate('--workflow', '.github/workflows/other.yml')).code).toBe(1);
    expect((await gate('--workflow', '.github/workflows/typo.yml')).code).toBe(2);
  });

  it('does not open for what cannot be read, or for nothing at all', async () => {
    expect((await gate()).code).toBe(2);
    put(DEPLOY, 'on: [push\njobs: {');
    const { code, stdout } = await gate();
    expect([code, stdout.includes('not read')]).toEqual([1, true]);
  });

  it('says the same as a value that could be signed', async () => {
    put(DEPLOY, poisonedWorkflow);
    expect(await decision('--repository', 'acme/shop', '--ref', 'refs/heads/main')).toMatchObject({
      code: 1,
      schema: 'vouchgate-gate-decision/1',
      grade: 'fail',
      subject: { repository: 'acme/shop', ref: 'refs/heads/main' },
      policy: { written: false, digest: expect.stringContaining('sha256:') },
      inspector: { name: 'vouchgate' },
      counts: { critical: 1 },
      blocking: [{ finding: { rule: 'untrusted-checkout', line: 10 }, because: expect.any(String) }],
    });
  });

  it('writes SARIF with what blocks', async () => {
    put(DEPLOY, poisonedWorkflow);
    const { code, stdout } = await gate('--format', 'sarif');
    const [run] = JSON.parse(stdout).runs;
    expect(code).toBe(1);
    expect(run.results[0]).toMatchObject({ ruleId: 'untrusted-checkout', level: 'error' });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toContain('untrusted-checkout');
  });
});

describe('the policy of the gate', () => {
  it('decides which rules block, from when, and is refused with its line when it is wrong', async () => {
    put(DEPLOY, poisonedWorkflow);
    const rule = (more: string) => `version: 1\nrules:\n  - { name: mine, action: block, ${more} }\n`;
    put('vouchgate.policy.yaml', rule('when: { rules: [missing-timeout], persona: pedantic }'));
    expect((await decision()).blocking).toMatchObject([
      { finding: { rule: 'missing-timeout' }, because: 'mine' },
    ]);
    put('vouchgate.policy.yaml', rule('from: 2999-01-01, when: { severity: high }'));
    expect(await decision()).toMatchObject({ code: 0, grade: 'warn' });
    put('vouchgate.policy.yaml', rule('when: { severty: high }'));
    const { code, stderr } = await gate();
    expect(code).toBe(2);
    expect(stderr).toContain('vouchgate.policy.yaml:3');
  });

  it('demands kinds of tests, of the pipelines or of reports', async () => {
    put(DEPLOY, cleanWorkflow);
    put('vouchgate.policy.yaml', 'version: 1\ncoverage: [{ require: [SCA] }]\n');
    const closed = await gate();
    expect(closed.code).toBe(1);
    expect(closed.stdout).toContain('no SCA test');
    put('audit.json', JSON.stringify({ auditReportVersion: 2, vulnerabilities: {}, metadata: {} }));
    expect((await gate('--report', join(top, 'audit.json'))).code).toBe(0);
    put(DEPLOY, cleanWorkflow.replace('make deploy', 'npm audit'));
    expect((await gate()).code).toBe(0);
  });
});

describe('reports of other tools', () => {
  const sarif = (level: string, tool = 'Semgrep OSS') =>
    JSON.stringify({
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: tool,
              rules: [{ id: 'sql-injection', properties: { 'security-severity': level } }],
            },
          },
          results: [
            {
              ruleId: 'sql-injection',
              message: { text: 'SQL injection' },
              locations: [
                { physicalLocation: { artifactLocation: { uri: 'src/a.ts' }, region: { startLine: 7 } } },
              ],
            },
          ],
        },
      ],
    });

  it('move the gate', async () => {
    put(DEPLOY, cleanWorkflow);
    put('semgrep.sarif', sarif('9.8'));
    const { code, stdout } = await gate('--report', `SAST=${join(top, 'semgrep.sarif')}`);
    expect(code).toBe(1);
    expect(stdout).toContain('sql-injection  src/a.ts:7');
    expect(stdout).toMatch(/tests:\s+SAST/);
    put('semgrep.sarif', sarif('3.0'));
    expect((await gate('--report', join(top, 'semgrep.sarif'))).code).toBe(0);
  });

  it('that are missing or no reports are not empty ones', async () => {
    put(DEPLOY, cleanWorkflow);
    expect((await gate('--report', join(top, 'none.json'))).code).toBe(2);
    put('what.json', '{"hello": "world"}');
    expect((await gate('--report', join(top, 'what.json'))).code).toBe(2);
  });

  it('cannot write to the terminal', async () => {
    put(DEPLOY, cleanWorkflow);
    put('semgrep.sarif', sarif('9.8').replace('SQL injection', '\\u001b[2Jgone'));
    const { stdout } = await gate('--report', join(top, 'semgrep.sarif'));
    expect(stdout).not.toContain('\u001b');
  });
});

describe('what counts against the default branch', () => {
  const waiver = `version: 1
scan:
  waivers:
    - { rule: untrusted-checkout, owner: ann, reason: known for long, expires: 2999-01-01 }
`;

  it('a waiver that is only in these files lets nothing stand', async () => {
    put(DEPLOY, poisonedWorkflow);
    merge();
    put('.vouchgate.yml', waiver);
    expect((await gate()).code).toBe(1);
    expect((await gate('--suppressions', 'all')).code).toBe(0);
    merge();
    expect((await gate()).code).toBe(0);
    expect((await gate('--suppressions', 'none')).code).toBe(1);
  });

  it('old findings, for a team that starts with --new-only', async () => {
    put(DEPLOY, poisonedWorkflow);
    merge();
    expect((await gate('--new-only')).code).toBe(0);
    put('.github/workflows/new.yml', poisonedWorkflow);
    const { code, stdout } = await gate('--new-only');
    expect(code).toBe(1);
    expect(stdout).toContain('✗ critical  untrusted-checkout  .github/workflows/new.yml:10');
    expect(stdout).not.toContain(`✗ critical  untrusted-checkout  ${DEPLOY}`);
  });

  it('nothing is old, and no waiver counts, where the default branch is not here; and that is said', async () => {
    put(DEPLOY, poisonedWorkflow);
    put('.vouchgate.yml', waiver);
    const { code, stdout } = await gate('--new-only');
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('The default branch is not in this clone');
  });

  it('a baseline says what is old, too', async () => {
    put(DEPLOY, poisonedWorkflow);
    const baseline = join(top, 'baseline.json');
    await runCli(['scan', top, '--write-baseline', baseline, '--fail-on', 'never']);
    expect((await gate('--baseline', baseline)).code).toBe(0);
    put('.github/workflows/new.yml', poisonedWorkflow);
    expect((await gate('--baseline', baseline)).code).toBe(1);
  });

  it('follows no link out of the repository', async () => {
    put(DEPLOY, cleanWorkflow);
    put('outside.yml', poisonedWorkflow);
    symlinkSync(join(top, 'outside.yml'), join(top, '.github/workflows/linked.yml'));
    expect((await gate()).code).toBe(0);
  });
});

it('with --server takes no options about files', async () => {
  const { code, stderr } = await gate('--server', 'http://127.0.0.1:1', '--report', 'x.json');
  expect(code).toBe(2);
  expect(stderr).toContain('by its own policy');
});
