import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '#cli/testing/run-cli.ts';

const FOLDER = join(import.meta.dirname, '../docs/guides/platforms');
const FENCE = /^```(\w+)\n([^]*?)^```$/gmu;

interface Example {
  readonly files: readonly { readonly file: string; readonly text: string }[];
  readonly command: readonly string[];
  readonly output: string;
}

/** What stands before the first output: files, each with its path in its first line, and the command. */
function readExample(guide: string): Example {
  const files: { file: string; text: string }[] = [];
  let command: string[] = [];
  for (const [, language = '', text = ''] of guide.matchAll(FENCE)) {
    const [, file, rest] = /^(?:#|\/\/) (\S+)\n([^]*)$/u.exec(text) ?? [];
    if (file !== undefined && rest !== undefined) files.push({ file, text: rest });
    else if (language === 'sh') command = text.trim().replace('npx vouchgate ', '').split(' ');
    else if (language === 'text') return { files, command, output: text };
  }
  throw new Error('this guide shows no output');
}

let folder: string;
const cwd = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vouchgate-guide-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true, force: true });
});

it.each(readdirSync(FOLDER))('%s shows what the scan of its example says', async (name) => {
  const { files, command, output } = readExample(readFileSync(join(FOLDER, name), 'utf8'));
  for (const { file, text } of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { stdout } = await runCli(command);
  expect(stdout).toBe(output);
});
