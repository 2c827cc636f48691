import { AuditEvent, type RecordedEvent } from '#audit/event.ts';
import type { EventFilter, EventStore } from '#audit/ports.ts';
import type { Secret } from '#core/secret.ts';
import type { StoreError } from '#core/store-error.ts';
import type { SealedSecrets } from './dependencies.ts';
import type {
  ApiTokenStore,
  HolderFilter,
  SessionStore,
  StoredAdminLink,
  StoredApiToken,
  StoredSession,
} from '#people/ports.ts';

/** A store that can be made to fail, as a real one does. */
class Failing {
  failure: StoreError | undefined;

  protected check(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

export class FakeEventStore extends Failing implements EventStore {
  readonly recorded: RecordedEvent[] = [];

  async append(events: readonly AuditEvent[]): Promise<void> {
    this.check();
    for (const event of events) {
      this.recorded.push({ ...AuditEvent.parse(event), sequence: this.recorded.length + 1 });
    }
  }

  async list(filter: EventFilter): Promise<RecordedEvent[]> {
    this.check();
    if (filter.limit < 1 || filter.limit > 1_000) throw new RangeError('limit');
    const { afterSequence, beforeSequence, types, decision, resource, lease } = filter;
    const rows = this.recorded.filter(
      (event) =>
        (afterSequence === undefined || event.sequence > afterSequence) &&
        (beforeSequence === undefined || event.sequence < beforeSequence) &&
        (types === undefined || types.includes(event.type)) &&
        (decision === undefined || event.decision === decision) &&
        (resource === undefined || event.resource === resource) &&
        (lease === undefined || event.lease === lease),
    );
    return (afterSequence === undefined ? rows.toReversed() : rows).slice(0, filter.limit);
  }
}

export class FakeSessionStore extends Failing implements SessionStore {
  readonly links = new Map<string, StoredAdminLink>();
  readonly sessions = new Map<string, StoredSession>();
  readonly finished = new Set<string>();
  reads = 0;

  async addAdminLink(link: StoredAdminLink): Promise<void> {
    this.check();
    this.links.set(link.tokenHash, link);
  }

  async redeemAdminLink(linkHash: string, session: StoredSession, nowMs: number): Promise<boolean> {
    this.check();
    const link = this.links.get(linkHash);
    if (link === undefined || link.expiresAtMs <= nowMs) return false;
    this.links.delete(linkHash);
    this.sessions.set(session.tokenHash, session);
    return true;
  }

  async openSession(signInHash: string, session: StoredSession): Promise<boolean> {
    this.check();
    if (this.finished.has(signInHash)) return false;
    this.finished.add(signInHash);
    this.sessions.set(session.tokenHash, session);
    return true;
  }

  async session(tokenHash: string): Promise<StoredSession | undefined> {
    this.check();
    this.reads += 1;
    return this.sessions.get(tokenHash);
  }

  async openSessions(filter: HolderFilter, nowMs: number, limit: number): Promise<StoredSession[]> {
    this.check();
    return [...this.sessions.values()]
      .filter((session) => session.revokedAtMs === undefined && session.expiresAtMs > nowMs)
      .filter((session) => isHeldBy(session, filter))
      .toReversed()
      .slice(0, limit);
  }

  async touchSession(id: string, nowMs: number): Promise<void> {
    this.check();
    this.#change(id, { lastUsedAtMs: nowMs });
  }

  async revokeSession(
    id: string,
    nowMs: number,
    filter: HolderFilter = {},
  ): Promise<StoredSession | undefined> {
    this.check();
    const session = [...this.sessions.values()].find((candidate) => candidate.id === id);
    if (session === undefined || session.revokedAtMs !== undefined || !isHeldBy(session, filter))
      return undefined;
    this.#change(id, { revokedAtMs: nowMs });
    return session;
  }

  async removeEnded(): Promise<void> {}

  #change(id: string, change: Partial<StoredSession>): void {
    for (const [key, session] of this.sessions) {
      if (session.id === id) this.sessions.set(key, { ...session, ...change });
    }
  }
}

export class FakeApiTokenStore extends Failing implements ApiTokenStore {
  readonly tokens = new Map<string, StoredApiToken>();

  async addApiToken(token: StoredApiToken): Promise<void> {
    this.check();
    this.tokens.set(token.tokenHash, token);
  }

  async apiToken(tokenHash: string): Promise<StoredApiToken | undefined> {
    this.check();
    return this.tokens.get(tokenHash);
  }

  async apiTokens(filter: HolderFilter, limit: number): Promise<StoredApiToken[]> {
    this.check();
    const tokens = [...this.tokens.values()].filter((token) => isHeldBy(token, filter));
    return tokens.toReversed().slice(0, limit);
  }

  async touchApiToken(id: string, nowMs: number): Promise<void> {
    this.check();
    this.#change(id, { lastUsedAtMs: nowMs });
  }

  async revokeApiToken(
    id: string,
    nowMs: number,
    filter: HolderFilter = {},
  ): Promise<StoredApiToken | undefined> {
    this.check();
    const token = [...this.tokens.values()].find((candidate) => candidate.id === id);
    if (token === undefined || token.revokedAtMs !== undefined || !isHeldBy(token, filter)) return undefined;
    this.#change(id, { revokedAtMs: nowMs });
    return token;
  }

  #change(id: string, change: Partial<StoredApiToken>): void {
    for (const [key, token] of this.tokens) {
      if (token.id === id) this.tokens.set(key, { ...token, ...change });
    }
  }
}

function isHeldBy(held: { subject: string; issuer: string | undefined }, filter: HolderFilter): boolean {
  if (filter.subject === undefined) return true;
  return held.subject === filter.subject && held.issuer === filter.issuer;
}

export class FakeSealedSecrets extends Failing implements SealedSecrets {
  readonly rows = new Map<string, { value: Secret; rotateByMs: number | undefined }>();

  async put(name: string, value: Secret, rotateByMs: number | undefined): Promise<void> {
    this.check();
    this.rows.set(name, { value, rotateByMs });
  }

  async list() {
    this.check();
    return [...this.rows].map(([name, { rotateByMs }]) => ({ name, rotateByMs, updatedAtMs: 0 }));
  }
}
