import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FakeTools } from '#scan/adapters/testing/fake-tools.ts';
import { runCli } from '../../testing/run-cli.ts';
import { toolEnvironment } from './tool-environment.ts';

const Report = z.object({
  tools: z.array(z.looseObject({ name: z.string(), completed: z.boolean(), findings: z.number() })),
  problems: z.array(z.looseObject({ file: z.string(), message: z.string(), partial: z.boolean() })),
  findings: z.array(
    z.looseObject({
      ruleId: z.string(),
      message: z.string(),
      fingerprint: z.string(),
      suppression: z.object({ kind: z.string() }).optional(),
      locations: z.array(
        z.looseObject({ file: z.string(), excerpt: z.object({ lines: z.array(z.string()) }) }),
      ),
    }),
  ),
});

const SECRET = ['ghp', '_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');

let fake: FakeTools;
beforeEach(() => {
  fake = new FakeTools();
  fake.write('Dockerfile', 'FROM debian\nRUN apt-get install curl\n');
  fake.write('main.tf', 'variable "unused" {}\n');
});
afterEach(() => fake.remove());

async function scan(args: readonly string[]) {
  const result = await runCli(['scan', fake.root, '--format', 'json', ...args], { env: { PATH: fake.bin } });
  return { ...result, report: result.stdout === '' ? undefined : Report.parse(JSON.parse(result.stdout)) };
}

/** Like the real one: refuses what it does not know, and prints what it found. */
function addHadolint(report: readonly object[]): void {
  fake.add(
    'hadolint',
    `if (argv[0] === '--version') { console.log('Haskell Dockerfile Linter 2.12.0'); process.exit(0); }
     if (argv.join(' ') !== '--format json --no-fail -- Dockerfile') process.exit(3);
     console.log(${JSON.stringify(JSON.stringify(report))});`,
  );
}

const UNTAGGED = {
  line: 1,
  code: 'DL3006',
  message: 'Tag the image',
  column: 1,
  file: 'Dockerfile',
  level: 'error',
};

describe('scan --with', () => {
  it('has what the tool found in the same report, with the line and what ran', async () => {
    addHadolint([UNTAGGED]);
    const { code, report } = await scan(['--with', 'hadolint']);
    expect(code).toBe(1);
    expect(report?.tools).toMatchObject([
      { name: 'hadolint', version: '2.12.0', completed: true, findings: 1 },
    ]);
    expect(report?.findings).toMatchObject([
      { ruleId: 'hadolint/DL3006', locations: [{ file: 'Dockerfile', excerpt: { lines: ['FROM debian'] } }] },
    ]);
  });

  it('says plainly that a tool is missing, and fails', async () => {
    const { code, report } = await scan(['--with', 'hadolint', '--fail-on', 'critical']);
    expect(code).toBe(1);
    expect(report?.tools).toMatchObject([{ name: 'hadolint', completed: false }]);
    expect(report?.problems).toMatchObject([{ file: 'hadolint', partial: false }]);
    expect(report?.problems[0]?.message).toContain('there is no hadolint on the path');
  });

  it('lets one tool break without the others', async () => {
    addHadolint([UNTAGGED]);
    fake.add(
      'tflint',
      "if (argv[0] === '--version') process.exit(0); console.error('boom'); process.exit(1);",
    );
    const { report } = await scan(['--with', 'hadolint,tflint']);
    expect(report?.findings).toHaveLength(1);
    expect(report?.problems).toMatchObject([{ file: 'tflint', message: 'it ended with exit code 1: boom' }]);
  });

  it('lets the waivers of the repository hold for other tools, too', async () => {
    addHadolint([UNTAGGED, { ...UNTAGGED, code: 'DL3008', line: 2 }]);
    const waiver = 'rule: hadolint/DL3006, owner: jo, reason: a base image of ours, expires: 2099-12-31';
    fake.write('.vouchgate.yml', `version: 1\nscan:\n  waivers:\n    - { ${waiver} }\n`);
    const { report } = await scan(['--with', 'hadolint']);
    expect(report?.findings.map(({ ruleId, suppression }) => [ruleId, suppression?.kind])).toEqual([
      ['hadolint/DL3006', 'waiver'],
      ['hadolint/DL3008', undefined],
    ]);
  });

  it('keeps the fingerprint when the line moves', async () => {
    addHadolint([UNTAGGED]);
    const before = await scan(['--with', 'hadolint']);
    fake.write('Dockerfile', '# a comment\nFROM debian\n');
    addHadolint([{ ...UNTAGGED, line: 2 }]);
    const after = await scan(['--with', 'hadolint']);
    expect(after.report?.findings[0]?.fingerprint).toBe(before.report?.findings[0]?.fingerprint);
  });

  it('never shows a secret that a tool found, nor the line that it stands in', async () => {
    fake.write('conf.py', `token = "${SECRET}"\n`);
    fake.add(
      'gitleaks',
      `const { writeFileSync } = require('node:fs');
       if (argv[0] === 'version') { console.log('8.30.1'); process.exit(0); }
       const at = argv.indexOf('--report-path');
       if (!argv.includes('--redact')) process.exit(4);
       writeFileSync(argv[at + 1], JSON.stringify([{ RuleID: 'github-pat', Description: 'a token', StartLine: 1,
         EndLine: 1, StartColumn: 10, EndColumn: 49, Match: 'REDACTED', Secret: 'REDACTED',
         File: argv[1] + '/conf.py', Commit: '', Entropy: 4.1, Author: '', Email: '', Date: '', Message: '',
         Tags: [], Fingerprint: argv[1] + '/conf.py:github-pat:1' }]));`,
    );
    const { stdout, report } = await scan(['--with', 'gitleaks']);
    expect(report?.findings.map(({ ruleId, locations: [place] }) => [ruleId, place?.file])).toContainEqual([
      'gitleaks/github-pat',
      'conf.py',
    ]);
    expect(stdout).not.toContain(SECRET);
  });

  it.each([
    ['an unknown tool', 'hadolnt', 'Did you mean'],
    ['rules that are none', 'semgrep=', 'Write semgrep, or semgrep=FILE.'],
    ['an option in disguise', 'semgrep=--config', 'Write semgrep, or semgrep=FILE.'],
  ])('refuses %s', async (_, value, remedy) => {
    const { code, stderr } = await scan(['--with', value]);
    expect(code).toBe(2);
    expect(stderr).toContain(remedy);
  });
});

describe('the environment of a tool', () => {
  it('has what it needs to run, and no credential of the job', () => {
    const env = {
      PATH: '/bin',
      HOME: 'home of jo',
      TRIVY_CACHE_DIR: '/cache',
      TRIVY_TOKEN: 'secret',
      GITHUB_TOKEN: 'secret',
      AWS_SECRET_ACCESS_KEY: 'secret',
      SEMGREP_APP_TOKEN: 'secret',
      LD_PRELOAD: '/evil.so',
      NODE_OPTIONS: '--require evil',
    };
    expect(Object.keys(toolEnvironment(env)).toSorted()).toEqual(['HOME', 'PATH', 'TRIVY_CACHE_DIR']);
  });
});
