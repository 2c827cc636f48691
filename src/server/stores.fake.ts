import { AuditEvent, type RecordedEvent } from '#audit/event.ts';
import type { EventFilter, EventStore } from '#audit/ports.ts';
import type { Secret } from '#core/secret.ts';
import type { StoreError } from '#core/store-error.ts';
import type { SealedSecrets } from './dependencies.ts';
import type { SessionStore, StoredAdminLink, StoredSession } from './ports.ts';

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

  async session(tokenHash: string): Promise<StoredSession | undefined> {
    this.check();
    this.reads += 1;
    return this.sessions.get(tokenHash);
  }

  async revokeSession(id: string, nowMs: number): Promise<void> {
    this.check();
    for (const session of this.sessions.values()) {
      if (session.id === id) this.sessions.set(session.tokenHash, { ...session, revokedAtMs: nowMs });
    }
  }
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
