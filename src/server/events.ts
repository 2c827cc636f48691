import { AuditEventType } from '#audit/event.ts';
import type { EventFilter } from '#audit/ports.ts';
import type { EventQuery } from '#api/event.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { eventsInScope } from './record-scope.ts';
import { RequestProblem } from './request-problem.ts';
import { eventView } from './views.ts';

function typesOf(names: readonly string[]): AuditEventType[] {
  return names.map((name, index) => {
    const type = AuditEventType.safeParse(name);
    if (type.success) return type.data;
    throw new RequestProblem('request_invalid', 'There is no such type of event.', {
      remedy: `The types are: ${AuditEventType.options.join(', ')}.`,
      fields: [{ path: `query.type.${index}`, message: 'is not a type of event' }],
    });
  });
}

function filterOf(query: EventQuery): EventFilter {
  const { after, before, type, resource, decision, lease, limit } = query;
  if (after !== undefined && before !== undefined) {
    throw new RequestProblem('request_invalid', '`after` and `before` exclude each other.');
  }
  return {
    limit,
    ...(after === undefined ? {} : { afterSequence: after }),
    ...(before === undefined ? {} : { beforeSequence: before }),
    ...(type === undefined ? {} : { types: typesOf(type) }),
    ...(resource === undefined ? {} : { resource }),
    ...(decision === undefined ? {} : { decision }),
    ...(lease === undefined ? {} : { lease }),
  };
}

export function createEventHandlers({
  events,
  decisions,
}: Pick<ServerDependencies, 'events' | 'decisions'>): HandlersOf<'listEvents'> {
  return {
    async listEvents({ query, caller }) {
      const rows = await events.list(filterOf(query));
      const next = rows.length === query.limit ? (rows.at(-1)?.sequence ?? null) : null;
      return { value: { events: (await eventsInScope(rows, caller.scope, decisions)).map(eventView), next } };
    },
  };
}
