import { type SignedCheckpoint } from '#audit/log/checkpoint.ts';
import { parseLogEntry } from '#audit/log/log-entry.ts';
import { parseVerifierKey } from '#audit/log/note-key.ts';
import { verifyLog } from '#audit/log/verify-log.ts';

/** A log that was read and checked by its public files alone. */
export interface ReadLog {
  signed: SignedCheckpoint;
  /** Ids of the events, in order. */
  ids: readonly string[];
}

/** @throws Error with what is wrong with it */
export async function readLog(serverUrl: string, earlier?: SignedCheckpoint): Promise<ReadLog> {
  const described = (await (await fetch(`${serverUrl}/v1/log`)).json()) as { verifier_key: string };
  const key = parseVerifierKey(described.verifier_key);
  if (key === undefined) throw new Error('the log has no readable key');
  // One checkpoint for the whole reading: the log grows meanwhile.
  const checkpoint = await (await fetch(`${serverUrl}/log/checkpoint`)).text();
  const ids: string[] = [];
  const verdict = await verifyLog({
    key,
    earlier,
    onEntry: (entry) => ids.push(parseLogEntry(entry)?.id ?? 'unreadable'),
    fetch: async (path) => {
      if (path === 'checkpoint') return Buffer.from(checkpoint);
      const answer = await fetch(`${serverUrl}/log/${path}`);
      return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : undefined;
    },
  });
  if (!verdict.ok) throw new Error(`${verdict.fault.code}: ${verdict.fault.message}`);
  return { signed: verdict.signed, ids };
}
