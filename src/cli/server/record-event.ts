import { hostname } from 'node:os';
import type { AuditEventType } from '#audit/event.ts';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Storage } from '#storage/storage.ts';

/** What this server did itself, in the record. */
export function createRecorder(
  storage: Pick<Storage, 'events'>,
  clock: Clock,
): (type: AuditEventType, body: Record<string, unknown>) => Promise<void> {
  return (type, body) =>
    storage.events.append([
      {
        id: newId('evt', clock),
        timeMs: clock.nowMs(),
        type,
        actor: { kind: 'server', id: hostname() },
        body,
      },
    ]);
}
