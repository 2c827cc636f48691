import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { sessionFilePath } from '../client/session-file.ts';
import type { Environment } from '../command.ts';
import { writePrivateFile } from '../private-file.ts';

/** A log that was found to be whole here before. */
const KnownLog = z.object({
  /** As a vkey. */
  key: z.string().max(2_000),
  /** The signed checkpoint that was seen last. */
  checkpoint: z.string().max(100_000),
  /** ISO 8601. */
  verifiedAt: z.string().max(40),
});
export type KnownLog = z.infer<typeof KnownLog>;

const KnownLogs = z.record(z.string().max(500), KnownLog);

/**
 * What this machine knows of logs: their keys, and how far they were. Whoever keeps that cannot be shown a changed
 * history, not even by somebody who has the key.
 */
function fileOf(env: Environment): string {
  return path.join(path.dirname(sessionFilePath(env)), 'logs.json');
}

async function readKnownLogs(env: Environment): Promise<Record<string, KnownLog>> {
  try {
    const parsed = KnownLogs.safeParse(JSON.parse(await readFile(fileOf(env), 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch {
    // Nothing was verified here yet.
    return {};
  }
}

export async function findKnownLog(env: Environment, origin: string): Promise<KnownLog | undefined> {
  const known = await readKnownLogs(env);
  return Object.hasOwn(known, origin) ? known[origin] : undefined;
}

export async function rememberLog(env: Environment, origin: string, log: KnownLog): Promise<void> {
  const known = await readKnownLogs(env);
  const file = fileOf(env);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writePrivateFile(file, `${JSON.stringify({ ...known, [origin]: log }, undefined, 2)}\n`);
}
