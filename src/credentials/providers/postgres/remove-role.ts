import { setTimeout as sleep } from 'node:timers/promises';
import { CredentialError } from '../../credential-error.ts';
import type { Backend, Session } from './backend.ts';
import { sqlState } from './backend-failure.ts';
import type { DynamicRole } from './dynamic-role.ts';
import { disarming, disowning, preparedRollback, removal, terminationAndRemains } from './role-statements.ts';

const SESSIONS_WAIT_MS = 5_000;
const POLL_MS_MIN = 10;
const POLL_MS_MAX = 250;
const REMOVAL_ATTEMPTS_MAX = 3;
const UNDEFINED_OBJECT = '42704';
const UNDEFINED_DATABASE = '3D000';
const DEPENDENT_OBJECTS = '2BP01';

/** What still stands in the way of dropping the role. */
interface Remains {
  databases: string[];
  prepared: { gid: string; database: string }[];
}

async function clearSessions(session: Session, role: string): Promise<Remains> {
  const deadlineMs = performance.now() + SESSIONS_WAIT_MS;
  for (let waitMs = POLL_MS_MIN; ; waitMs = Math.min(waitMs * 2, POLL_MS_MAX)) {
    const [sessions, databases, prepared] = await session.run(...terminationAndRemains(role));
    if (sessions?.length === 0) {
      return {
        databases: (databases ?? []).map((row) => String(row['database'])),
        prepared: (prepared ?? []).map((row) => ({
          gid: String(row['gid']),
          database: String(row['database']),
        })),
      };
    }
    if (performance.now() > deadlineMs) {
      throw new CredentialError('backend_unavailable', `Sessions of role ${role} do not end.`, {
        remedy: 'Nothing has to be done now: the role is locked out, and its removal is tried again.',
      });
    }
    await sleep(waitMs);
  }
}

/** Runs `work` in a database that may have been dropped meanwhile, with all that the role had there. */
async function inDatabase(
  backend: Backend,
  database: string,
  signal: AbortSignal,
  work: (session: Session) => Promise<unknown>,
): Promise<void> {
  try {
    await backend.withSession(database, signal, work);
  } catch (error) {
    if (sqlState(error) !== UNDEFINED_DATABASE) throw error;
  }
}

/** A transaction that a job prepared and left would hold its locks, and so the role, for ever. */
async function rollBackPrepared(
  backend: Backend,
  role: string,
  { gid, database }: Remains['prepared'][number],
  signal: AbortSignal,
): Promise<void> {
  await inDatabase(backend, database, signal, async (session) => {
    const [become, rollBack, resume] = preparedRollback(role, gid);
    await session.run(become ?? '');
    try {
      await session.run(rollBack ?? '');
    } catch (error) {
      if (sqlState(error) !== UNDEFINED_OBJECT) throw error;
    } finally {
      await session.run(resume ?? '');
    }
  });
}

async function removeOnce(backend: Backend, role: DynamicRole, signal: AbortSignal): Promise<void> {
  const main = backend.mainDatabase;
  // Committed by itself, before sessions are ended: none can begin after that.
  const remains = await backend.withSession(main, signal, async (session) => {
    await session.run(disarming(role, session.serverVersion));
    const found = await clearSessions(session, role.role);
    const isClean = found.databases.length === 0 && found.prepared.length === 0;
    if (isClean) await session.run(removal(role.role));
    return isClean ? undefined : found;
  });
  if (remains === undefined) return;
  for (const prepared of remains.prepared) await rollBackPrepared(backend, role.role, prepared, signal);
  for (const database of remains.databases) {
    await inDatabase(backend, database, signal, (session) => session.run(...disowning(role)));
  }
  await backend.withSession(main, signal, (session) => session.run(removal(role.role)));
}

/**
 * Another server may be at the same role: it dropped it between two steps of ours, changed the same row
 * (XX000, "tuple concurrently updated"), or waited for us (class 40). A prepared transaction that was rolled
 * back after we looked may have left objects.
 */
function mayPass(state: string): boolean {
  return [UNDEFINED_OBJECT, DEPENDENT_OBJECTS, 'XX000'].includes(state) || state.startsWith('40');
}

/**
 * Undoes a role from whatever state a crash, or another server's try, left it in: shut out, sessions ended,
 * objects removed in each database that has any, dropped. What is not there counts as done.
 */
export async function removeRole(backend: Backend, role: DynamicRole, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await removeOnce(backend, role, signal);
      return;
    } catch (error) {
      const state = sqlState(error);
      if (!(state !== undefined && mayPass(state)) || attempt >= REMOVAL_ATTEMPTS_MAX) throw error;
    }
  }
}
