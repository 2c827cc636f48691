import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find(isExecutable);
}

/** Undefined where there is none; then the walks are skipped, and say so. */
export const chromiumPath = findChromium();

if (chromiumPath === undefined)
  process.stderr.write('SKIPPED: no Chromium on this machine, so nobody walks through the console.\n');

export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    // A browser that runs as root, as in CI, has no sandbox to offer; it sees nothing but our own pages.
    ...(process.getuid?.() === 0 ? { args: ['--no-sandbox'] } : {}),
  });
}
