import type { AuditEvent } from '../event.ts';
import type { EventStore } from '../ports.ts';
import { identityKey, shortPlatform } from './identity-keys.ts';
import { textField } from './record-fields.ts';

const DECISIONS = ['decision.issued', 'decision.allowed', 'decision.denied'] as const;

/** What an event of ours is found by, as far as it says so itself. */
export function keysOfEvent(event: AuditEvent): string[] {
  const { actor, resource, decision, body } = event;
  const platform = shortPlatform(textField(body, 'identity', 'platform') ?? '');
  const keys = [
    identityKey('principal', actor.kind === 'workload' ? actor.id : undefined),
    identityKey('actor', actor.kind === 'person' ? actor.id : undefined, 'vouchgate'),
    identityKey('resource', resource),
    identityKey('decision', decision),
    identityKey('actor', textField(body, 'identity', 'actor', 'id'), platform),
    identityKey('project', textField(body, 'identity', 'project', 'id'), platform),
    identityKey('run', textField(body, 'identity', 'run', 'id'), platform),
  ];
  return [...new Set(keys.filter((key) => key !== undefined))];
}

/** The keys of the event that made a decision; empty when there is none. */
export async function keysOfDecision(
  events: Pick<EventStore, 'list'>,
  decision: string,
): Promise<readonly string[]> {
  const [event] = await events.list({ decision, types: DECISIONS, afterSequence: 0, limit: 1 });
  return event === undefined ? [] : keysOfEvent(event);
}
