import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findAzureTemplates } from './azure-templates.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vouchgate-azure-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

const found = (text: string, file = 'azure-pipelines.yml') =>
  findAzureTemplates(root, [{ file, text }]).map((each) => each.file);

it('finds templates wherever they lie, and those that they use', () => {
  write({
    'ci/jobs.yml': 'jobs:\n  - job: a\n    steps:\n      - template: /build/steps.yaml\n',
    'build/steps.yaml': 'steps:\n  - script: make\n',
    'ci/alone.yml': 'steps:\n  - script: make\n',
  });
  expect(found('jobs:\n  - template: ci/jobs.yml\n  - template: ci/missing.yml\n')).toEqual([
    'ci/jobs.yml',
    'build/steps.yaml',
  ]);
});

it('looks beside the file that uses one', () => {
  write({ 'service/ci/steps.yml': 'steps:\n  - script: make\n' });
  expect(found('steps:\n  - template: ci/steps.yml\n', 'service/azure-pipelines.yml')).toEqual([
    'service/ci/steps.yml',
  ]);
});

it('reads nothing out of other repositories, computed names, other files, links, or folders above', () => {
  write({ 'secret.txt': 'x', 'real.yml': 'steps:\n  - script: make\n' });
  symlinkSync(path.join(root, 'real.yml'), path.join(root, 'link.yml'));
  const names = [
    'real.yml@other',
    '${{ parameters.x }}.yml',
    'secret.txt',
    'link.yml',
    '../real.yml',
    '.git/a.yml',
  ];
  expect(found(`steps:\n${names.map((name) => `  - template: ${name}\n`).join('')}`)).toEqual([]);
});

it('asks nothing of files of other platforms', () => {
  write({ 'ci/steps.yml': 'steps:\n  - script: make\n' });
  expect(found('steps:\n  - template: ci/steps.yml\n', '.gitlab-ci.yml')).toEqual([]);
});
