import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '#cli/testing/run-cli.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../docs/guides/scan.md'), 'utf8');
const FILE = '.github/workflows/comment.yml';

/** The first block of a language behind a heading of the guide. */
function blockAfter(heading: string, language: string): string {
  const [, rest = ''] = GUIDE.split(`## ${heading}\n`);
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'u').exec(rest)?.[1] ?? '';
}

let folder: string;
const cwd = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vouchgate-guide-'));
  mkdirSync(dirname(join(folder, FILE)), { recursive: true });
  const [, workflow = ''] = blockAfter('One file, one finding', 'yaml').split(`# ${FILE}\n`);
  writeFileSync(join(folder, FILE), workflow);
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true, force: true });
});

it('shows what the scan of its example says', async () => {
  const { stdout } = await runCli(['scan']);
  expect(stdout).toBe(blockAfter('One file, one finding', 'text'));
});

it('shows the patch that its example gets', async () => {
  const { stdout } = await runCli(['scan', '--fix=unsafe', '--diff']);
  expect(stdout).toBe(blockAfter('Mend', 'diff'));
});

it('shows the picture of its example', async () => {
  const { stdout } = await runCli(['scan', '--graph', 'mermaid', FILE]);
  expect(stdout).toBe(blockAfter('Draw it', 'mermaid'));
});
