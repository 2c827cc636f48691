import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import { createHttpSend } from '../client/http-send.ts';
import { toProblemError } from '../client/problem.ts';
import type { CommandStreams, GlobalOptions } from '../command.ts';
import { printable } from '../output.ts';
import { writePrivateFile } from '../private-file.ts';
import type { JobSession } from './job-session.ts';

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

type Caller = CommandStreams & { global: GlobalOptions };

async function fetchReceipts(caller: Caller, session: JobSession, decision: string): Promise<unknown[]> {
  const token = await session.token();
  const answer = await createHttpSend({ env: caller.env, caFile: caller.global.caFile })({
    method: 'POST',
    url: `${session.server}/v1/decisions/${encodeURIComponent(decision)}/receipts`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: token.reveal() }),
    timeoutMs: TIMEOUT_MS,
    bodyBytesMax: ANSWER_BYTES_MAX,
  });
  if (answer.status !== 200) throw toProblemError(answer);
  const parsed: unknown = JSON.parse(answer.body);
  const receipts =
    typeof parsed === 'object' && parsed !== null && 'receipts' in parsed ? parsed.receipts : [];
  return Array.isArray(receipts) ? receipts : [];
}

/**
 * Writes the proof of what was decided about this job. A job does not fail for want of it: it can be had later, with
 * `vouchgate audit prove`.
 */
export async function writeReceipts(
  caller: Caller,
  session: JobSession,
  decisions: readonly string[],
  file: string,
): Promise<void> {
  try {
    const receipts: unknown[] = [];
    for (const decision of decisions) receipts.push(...(await fetchReceipts(caller, session, decision)));
    await writePrivateFile(path.resolve(caller.cwd, file), `${JSON.stringify({ receipts }, undefined, 2)}\n`);
  } catch (error) {
    const later = decisions.map((decision) => `vouchgate audit prove ${decision}`).join('; ');
    caller.stderr.write(
      `vouchgate: no receipt: ${printable(messageOf(error))}; later: ${printable(later)}\n`,
    );
  }
}
