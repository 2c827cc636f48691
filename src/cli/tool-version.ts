import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The version of this program, as its manifest has it. */
export function readToolVersion(): string {
  // The published package has this file in a chunk in `dist/`.
  const file = import.meta.url.endsWith('.ts') ? '../../package.json' : '../package.json';
  const manifest: unknown = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}
