import type { AuditEvent } from '../event.ts';

/** What stands in an event in the place of something personal, in the part of it that is kept for ever. */
export const PERSONAL = '[personal]';

/** An event in two parts, so that one of them can be erased while the log still proves the other. */
export interface SplitEvent {
  /** The event with {@link PERSONAL} in every personal place; the same before and after the erasure. */
  readonly lasting: AuditEvent;
  /** JSON pointer (RFC 6901) to value, in the order of the event. */
  readonly personal: readonly PersonalValue[];
}

export interface PersonalValue {
  readonly pointer: string;
  readonly value: unknown;
}

/** Names of fields whose value says which person it was, or where a person sat. */
const PERSONAL_NAMES = new Set([
  'sourceIp',
  'actor_id',
  'actor',
  'email',
  'login',
  'preferred_username',
  'user_access_level',
  'user_email',
  'user_id',
  'user_identities',
  'user_login',
  'user_name',
  'username',
  'build_creator_email',
  'build_creator_name',
  'build_creator_id',
  'triggered_by',
]);
/** The names by which facts speak of the same things: `principal.actor.login`, `context.sourceIp`. */
const PERSONAL_FACT =
  /(?:^|[.\s"'`])(?:actor|actor_id|user_\w+|email|login|sourceIp|preferred_username)(?:$|[.\s"'`])/;
const DEPTH_MAX = 20;

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A fact `{ name, expected, received }` about a person: what was received is personal, and what was expected, too. */
function isFactAboutPerson(value: object): boolean {
  return (
    'received' in value && 'name' in value && typeof value.name === 'string' && PERSONAL_FACT.test(value.name)
  );
}

/** Goes through a body once and copies only what leads to something personal: most of it is shared. */
class Splitter {
  readonly personal: PersonalValue[] = [];
  readonly #path: string[];

  constructor(top: string) {
    this.#path = [top];
  }

  object(value: object, name: string): Record<string, unknown> | undefined {
    const about = isFactAboutPerson(value);
    let copy: Record<string, unknown> | undefined;
    for (const [key, each] of Object.entries(value)) {
      const kept = this.#member(key, each, name, about);
      if (kept === each) continue;
      copy ??= { ...value };
      copy[key] = kept;
    }
    return copy;
  }

  #list(value: readonly unknown[]): readonly unknown[] | undefined {
    let copy: unknown[] | undefined;
    for (const [index, each] of value.entries()) {
      const kept = this.#member(String(index), each, '', false);
      if (kept === each) continue;
      copy ??= [...value];
      copy[index] = kept;
    }
    return copy;
  }

  #member(key: string, value: unknown, parent: string, aboutPerson: boolean): unknown {
    const container = typeof value === 'object' && value !== null;
    const ofFact = aboutPerson && (key === 'expected' || key === 'received');
    if (ofFact || (parent === 'identity' && key === 'actor') || (!container && PERSONAL_NAMES.has(key))) {
      this.personal.push({ pointer: `${this.#path.join('')}/${escapePointer(key)}`, value });
      return PERSONAL;
    }
    if (!container || this.#path.length > DEPTH_MAX) return value;
    this.#path.push(`/${escapePointer(key)}`);
    const kept = Array.isArray(value) ? this.#list(value) : this.object(value, key);
    this.#path.pop();
    return kept ?? value;
  }
}

/** The same parts for the same event; the lasting one the same before and after it was erased. */
export function splitEvent(event: AuditEvent): SplitEvent {
  const splitter = new Splitter('/body');
  const body = splitter.object(event.body, 'body') ?? event.body;
  const { actor } = event;
  // A workload is no person; of a person the id is who it was.
  if (actor.kind !== 'person') return { lasting: { ...event, body }, personal: splitter.personal };
  return {
    lasting: { ...event, actor: { ...actor, id: PERSONAL }, body },
    personal: [...splitter.personal, { pointer: '/actor/id', value: actor.id }],
  };
}
