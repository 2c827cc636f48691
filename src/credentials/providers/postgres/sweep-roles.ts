import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { Handle } from '../../provider.ts';
import type { Backend } from './backend.ts';
import { type DynamicRole, parseMark, ROLE_PREFIX } from './dynamic-role.ts';
import { listing } from './role-statements.ts';

const PAGE_ROWS = 500;

export interface FoundRole {
  role: string;
  /** Undefined: the name looks like ours, the comment does not, or it is another installation's. */
  handle: DynamicRole | undefined;
}

/** The next roles with a name like ours; at most {@link PAGE_ROWS}, in order. */
export async function listRoles(
  backend: Backend,
  issuer: string,
  afterRole: string,
  signal: AbortSignal,
): Promise<FoundRole[]> {
  const [rows] = await backend.withSession(backend.mainDatabase, signal, (session) =>
    session.run(listing(ROLE_PREFIX, afterRole, PAGE_ROWS)),
  );
  return (rows ?? []).map((row) => {
    const role = String(row['role']);
    const mark = parseMark(typeof row['comment'] === 'string' ? row['comment'] : null);
    const isOurs = mark !== undefined && mark.issuer === issuer && mark.handle.role === role;
    return { role, handle: isOurs ? mark.handle : undefined };
  });
}

/**
 * Removes roles that carry the mark of this installation (its issuer) and have no live lease. One that cannot be
 * removed does not keep the others: it is logged, and found again by the next sweep.
 */
export async function sweepRoles(
  options: {
    log: Logger;
    list: (afterRole: string) => Promise<FoundRole[]>;
    isLive: (handle: Handle) => Promise<boolean>;
    remove: (role: DynamicRole) => Promise<void>;
  },
  signal: AbortSignal,
): Promise<string[]> {
  const removed: string[] = [];
  for (let afterRole = ''; ; ) {
    const page = await options.list(afterRole);
    for (const { role, handle } of page) {
      afterRole = role;
      if (handle === undefined || (await options.isLive(toHandle(handle)))) continue;
      try {
        await options.remove(handle);
        removed.push(role);
      } catch (error) {
        signal.throwIfAborted();
        options.log.warn('postgres.orphan_kept', { role, error: messageOf(error) });
      }
    }
    if (page.length < PAGE_ROWS) return removed;
  }
}

/** The same members in the same order as `plan` gave, so that it can be compared as text. */
export function toHandle({ lease, role, reassignOwnedTo }: DynamicRole): Handle {
  return { lease, role, ...(reassignOwnedTo !== undefined && { reassignOwnedTo }) };
}
