import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '#cli/testing/run-cli.ts';

const GUIDE = readFileSync(path.join(import.meta.dirname, '../docs/guides/federation.md'), 'utf8');
const PIPELINE = '.circleci/config.yml';
const ROLES = 'infra/roles.tf';

/** The first block of a language behind a heading of the guide. */
function blockAfter(heading: string, language: string): string {
  const [, rest = ''] = GUIDE.split(`## ${heading}\n`);
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'u').exec(rest)?.[1] ?? '';
}

const exampleOf = (heading: string, language: string, file: string): string =>
  blockAfter(heading, language).split(`# ${file}\n`)[1] ?? '';

const EXAMPLE = 'One example, both sides';
const TRUST = 'Trust that is there already';
const cwd = process.cwd();
let folder: string;

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

const written = (file: string): string => readFileSync(path.join(folder, 'federation', file), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-federation-'));
  write(PIPELINE, exampleOf(EXAMPLE, 'yaml', PIPELINE));
  write(ROLES, exampleOf(TRUST, 'hcl', ROLES));
  write('identity.json', blockAfter('Steps', 'json'));
  process.chdir(folder);
  await runCli(['inspect', 'federation', '--with', 'identity=identity.json', '--write', 'federation']);
});
afterAll(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true, force: true });
});

it('shows the patch that its example gets', () => {
  const [, , ...lines] = written(`patches/direct/${PIPELINE}.diff`).split('\n');
  expect(lines.join('\n')).toBe(blockAfter(EXAMPLE, 'diff'));
});

it('shows the lock that is written for the other side', () => {
  const lock = blockAfter(EXAMPLE, 'hcl');
  expect(lock).toContain('StringLike');
  expect(written('terraform/aws-deploy-circleci.tf')).toContain(lock);
});

it('shows what a scan says of the role that is there already', async () => {
  const { stdout } = await runCli(['scan', 'infra']);
  expect(stdout).toBe(blockAfter(TRUST, 'text'));
});

it('says nothing of the roles that it wrote itself', async () => {
  const { stdout } = await runCli(['scan', 'federation', '--persona', 'auditor']);
  expect(stdout).not.toContain('trust-policy-too-open');
});
