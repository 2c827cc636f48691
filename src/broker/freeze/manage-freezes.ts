import type { EventStore } from '#audit/ports.ts';
import type { AuditEvent } from '#audit/event.ts';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Freeze, FreezeStore } from './freeze.ts';
import type { FreezeSnapshot } from './freeze-guard.ts';

export interface ManageFreezesDependencies {
  store: FreezeStore;
  snapshot: FreezeSnapshot;
  events: EventStore;
  clock: Clock;
}

export interface FreezeManager {
  /** In force on this server when it resolves, and on the others within two seconds. */
  freeze(wanted: Pick<Freeze, 'target' | 'reason' | 'untilMs'>, person: string): Promise<Freeze>;
  /** Undefined when nothing stands under this id. */
  lift(id: string, person: string): Promise<Freeze | undefined>;
  list(): Promise<readonly Freeze[]>;
}

export function createFreezeManager(deps: ManageFreezesDependencies): FreezeManager {
  const { store, snapshot, events, clock } = deps;

  const event = (
    type: 'access.frozen' | 'access.unfrozen',
    { id, target, reason, untilMs }: Freeze,
    person: string,
  ): AuditEvent => ({
    id: newId('evt', clock),
    timeMs: clock.nowMs(),
    type,
    actor: { kind: 'person', id: person },
    ...(target.kind === 'resource' ? { resource: target.name } : {}),
    body: { freeze: id, target, reason, ...(untilMs === undefined ? {} : { untilMs }) },
  });

  return {
    async freeze(wanted, person) {
      const frozenAtMs = clock.nowMs();
      const freeze: Freeze = { ...wanted, id: newId('frz', clock), frozenBy: person, frozenAtMs };
      await events.append([event('access.frozen', freeze, person)]);
      await store.addFreeze(freeze);
      await snapshot.refresh();
      return freeze;
    },
    async lift(id, person) {
      const standing = (await store.freezesInForce(clock.nowMs())).find((freeze) => freeze.id === id);
      if (standing === undefined) return undefined;
      await events.append([event('access.unfrozen', standing, person)]);
      await store.liftFreeze(id, person, clock.nowMs());
      await snapshot.refresh();
      return standing;
    },
    list: () => store.freezesInForce(clock.nowMs()),
  };
}
