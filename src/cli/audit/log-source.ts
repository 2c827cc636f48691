import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { LogFetch } from '#audit/log/verify-log.ts';
import { type NoteVerifier, parseVerifierKey } from '#audit/log/note-key.ts';
import { createHttpSend } from '../client/http-send.ts';
import type { CommandStreams, GlobalOptions } from '../command.ts';
import { toProblemError } from '../client/problem.ts';
import { AuditError } from './audit-error.ts';

const FILE_BYTES_MAX = 20_000_000;
const TIMEOUT_MS = 30_000;

/** Beside an exported log of which not everything is kept any more. */
export const RETENTION_FILE = 'retention.json';
const Retention = z.object({ minimumIndex: z.int().min(0).multipleOf(256) });

export function formatMinimumIndex(minimumIndex: number): string {
  const retention: z.infer<typeof Retention> = { minimumIndex };
  return `${JSON.stringify(retention)}\n`;
}

/** 0 for what cannot be read: then all entries have to be there. */
export function readMinimumIndex(file: Buffer | undefined): number {
  try {
    const found = Retention.safeParse(JSON.parse(file?.toString('utf8') ?? '{}'));
    return found.success ? found.data.minimumIndex : 0;
  } catch {
    return 0;
  }
}

/** A log that was exported into a folder. */
export function readLogFolder(folder: string): LogFetch {
  return async (name) => {
    try {
      return await readFile(path.join(folder, ...name.split('/')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  };
}

/** The log of a server, from its public files. */
export function readLogServer(server: string, caller: CommandStreams & { global: GlobalOptions }): LogFetch {
  const send = createHttpSend({ env: caller.env, caFile: caller.global.caFile });
  return async (name) => {
    const answer = await send({
      method: 'GET',
      url: `${server}/log/${name}`,
      headers: { accept: '*/*' },
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: FILE_BYTES_MAX,
      bodyEncoding: 'latin1',
    });
    if (answer.status === 200) return Buffer.from(answer.body, 'latin1');
    if (answer.status === 404) return undefined;
    throw toProblemError(answer);
  };
}

/** @throws AuditError `log_key_invalid` */
export function parseKey(text: string): NoteVerifier {
  const key = parseVerifierKey(text.trim());
  if (key !== undefined) return key;
  throw new AuditError('log_key_invalid', `"${text.slice(0, 100)}" is no key of a log`, {
    remedy: 'It looks like vouchgate.example/log+1a2b3c4d+AZ…, from `vouchgate audit key` or GET /v1/log.',
  });
}
