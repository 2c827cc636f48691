import type { SqlDatabase } from '../sql-database.ts';
import { integer } from '../sql-value.ts';
import { type Call, type CallResult, purgeClaimsCall } from './call.ts';

const CLAIMS_AT_ONCE = 5_000;
const LEASES_AT_ONCE = 1_000;

/** In short steps, so that exchanges go on in between. */
export async function purge(
  database: SqlDatabase,
  submit: (call: Call) => Promise<CallResult>,
  nowMs: number,
): Promise<number> {
  integer(nowMs, 'nowMs');
  return (await purgeClaims(submit, nowMs)) + (await endExpiredLeases(database, nowMs));
}

/** Walks the rows in their order, which is about that of their expiry, so that neighbours go together. */
async function purgeClaims(submit: (call: Call) => Promise<CallResult>, nowMs: number): Promise<number> {
  let total = 0;
  let after = 0;
  for (;;) {
    const result = await submit(purgeClaimsCall(after, CLAIMS_AT_ONCE, nowMs));
    const [removed, end] = typeof result === 'number' ? [] : result;
    if (typeof end !== 'number') return total;
    total += Number(removed);
    after = end;
  }
}

async function endExpiredLeases(database: SqlDatabase, nowMs: number): Promise<number> {
  let ended = 0;
  for (;;) {
    const changed = await database.execute([
      {
        sql: `UPDATE lease SET state = 'expired', ended_at_ms = expires_at_ms WHERE id IN (
                SELECT id FROM lease
                WHERE revocable = 0 AND state IN ('pending', 'active', 'revoking') AND expires_at_ms < ?
                ORDER BY expires_at_ms LIMIT ${LEASES_AT_ONCE})`,
        values: [nowMs],
      },
    ]);
    ended += changed;
    if (changed < LEASES_AT_ONCE) return ended;
  }
}
