import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '#cli/testing/run-cli.ts';
import { views } from '#scan/views.generated.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../docs/guides/inspect.md'), 'utf8');
const FILE = '.github/workflows/deploy.yml';

/** The first block of a language behind a heading of the guide that begins so. */
function blockAfter(heading: string, language: string): string {
  const [, rest = ''] = GUIDE.split(`## ${heading}`);
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'u').exec(rest)?.[1] ?? '';
}

let folder: string;
const cwd = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vouchgate-inspect-guide-'));
  mkdirSync(dirname(join(folder, FILE)), { recursive: true });
  const [, workflow = ''] = blockAfter('guards', 'yaml').split(`# ${FILE}\n`);
  writeFileSync(join(folder, FILE), workflow);
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true, force: true });
});

it('shows what the view says of its example', async () => {
  const { stdout } = await runCli(['inspect', 'guards']);
  expect(stdout).toBe(blockAfter('guards', 'text'));
});

it('names no view, and no input of a view, that is not there', () => {
  const commands = [...GUIDE.matchAll(/^vouchgate inspect( .*)$/gmu)].map(([, rest = '']) => rest);
  expect(commands.length).toBeGreaterThan(5);
  for (const rest of commands) {
    const [name] = rest.replace(/#.*/u, '').trim().split(/\s+/u);
    if (name === '' || name === undefined) continue;
    const view = views.find(({ id }) => id === name);
    expect(view, name).toBeDefined();
    const inputs = [...rest.matchAll(/--with (\w+)=/gu)].map(([, input = '']) => input);
    expect(inputs.filter((input) => !Object.hasOwn(view?.inputs ?? {}, input))).toEqual([]);
  }
});
