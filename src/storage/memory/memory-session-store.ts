import type {
  ApiTokenStore,
  HolderFilter,
  SessionStore,
  SignedIn,
  StoredAdminLink,
  StoredApiToken,
  StoredSession,
} from '#people/ports.ts';
import { isHeldBy } from '../person-row.ts';
import { integer } from '../sql-value.ts';
import { refuseTaken } from './refuse-taken.ts';

type PersonStores = { sessions: SessionStore; apiTokens: ApiTokenStore };

/** Sessions and API tokens together: a sign-in changes both. */
export function createMemoryPersonStores(): PersonStores {
  const sessions = new Map<string, StoredSession>();
  const tokens = new Map<string, StoredApiToken>();
  return {
    sessions: createSessionStore(sessions, {
      signedIn: (person) => refreshGroups(tokens, person),
      removedBefore: (beforeMs) => removeExpired(tokens, beforeMs),
    }),
    apiTokens: createApiTokenStore(tokens),
  };
}

function refreshGroups<Row extends SignedIn>(rows: Map<string, Row>, { subject, issuer, groups }: SignedIn) {
  for (const [key, row] of rows) {
    if (isHeldBy(row, { subject, issuer })) rows.set(key, { ...row, groups: [...groups] });
  }
}

/** Ends what has this id, belongs to whom the filter means, and has not ended before. */
function revoke<Row extends SignedIn & { id: string; revokedAtMs: number | undefined }>(
  rows: Map<string, Row>,
  id: string,
  nowMs: number,
  filter: HolderFilter | undefined,
): Row | undefined {
  for (const [key, row] of rows) {
    if (row.id !== id || row.revokedAtMs !== undefined || !isHeldBy(row, filter)) continue;
    rows.set(key, { ...row, revokedAtMs: nowMs });
    return structuredClone(row);
  }
  return undefined;
}

function removeExpired(rows: Map<string, { expiresAtMs: number }>, beforeMs: number): void {
  for (const [key, { expiresAtMs }] of rows) if (expiresAtMs < beforeMs) rows.delete(key);
}

function newestFirst(
  one: { createdAtMs: number; id: string },
  other: { createdAtMs: number; id: string },
): number {
  return other.createdAtMs - one.createdAtMs || (other.id < one.id ? -1 : 1);
}

function createSessionStore(
  sessions: Map<string, StoredSession>,
  also: { signedIn(person: SignedIn): void; removedBefore(beforeMs: number): void },
): SessionStore {
  const links = new Map<string, StoredAdminLink>();
  const used = new Set<string>();
  const finished = new Map<string, number>();
  return {
    addAdminLink: async (link) => {
      integer(link.expiresAtMs, 'expiresAtMs');
      refuseTaken(links, link.tokenHash);
      links.set(link.tokenHash, { ...link });
    },
    redeemAdminLink: async (linkHash, session, nowMs) => {
      const link = links.get(linkHash);
      if (link === undefined || used.has(linkHash) || link.expiresAtMs <= nowMs) return false;
      refuseTaken(sessions, session.tokenHash);
      used.add(linkHash);
      sessions.set(session.tokenHash, { ...session });
      return true;
    },
    openSession: async (signInHash, session) => {
      if (finished.has(signInHash)) return false;
      refuseTaken(sessions, session.tokenHash);
      finished.set(signInHash, session.createdAtMs);
      sessions.set(session.tokenHash, { ...session });
      refreshGroups(sessions, session);
      also.signedIn(session);
      return true;
    },
    session: async (tokenHash) => structuredClone(sessions.get(tokenHash)),
    openSessions: async (filter, nowMs, limit) =>
      structuredClone([...sessions.values()])
        .filter((session) => session.revokedAtMs === undefined && session.expiresAtMs > nowMs)
        .filter((session) => isHeldBy(session, filter))
        .sort(newestFirst)
        .slice(0, limit),
    touchSession: async (id, nowMs) => {
      for (const [key, session] of sessions) {
        if (session.id !== id || session.lastUsedAtMs >= nowMs) continue;
        sessions.set(key, { ...session, lastUsedAtMs: nowMs });
      }
    },
    revokeSession: async (id, nowMs, filter) => revoke(sessions, id, nowMs, filter),
    removeEnded: async (beforeMs) => {
      removeExpired(sessions, beforeMs);
      removeExpired(links, beforeMs);
      also.removedBefore(beforeMs);
      for (const [key, finishedAtMs] of finished) if (finishedAtMs < beforeMs) finished.delete(key);
    },
  };
}

function createApiTokenStore(tokens: Map<string, StoredApiToken>): ApiTokenStore {
  return {
    addApiToken: async (token) => {
      refuseTaken(tokens, token.tokenHash);
      tokens.set(token.tokenHash, structuredClone(token));
    },
    apiToken: async (tokenHash) => structuredClone(tokens.get(tokenHash)),
    apiTokens: async (filter, limit) =>
      structuredClone([...tokens.values()])
        .filter((token) => isHeldBy(token, filter))
        .sort(newestFirst)
        .slice(0, limit),
    touchApiToken: async (id, nowMs) => {
      for (const [key, token] of tokens) {
        if (token.id === id) tokens.set(key, { ...token, lastUsedAtMs: nowMs });
      }
    },
    revokeApiToken: async (id, nowMs, filter) => revoke(tokens, id, nowMs, filter),
  };
}
