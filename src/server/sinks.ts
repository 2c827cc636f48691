import type { Sink } from '#api/sink.ts';
import type { SinkOverview } from '#audit/outbox/sink-overview.ts';
import { newId } from '#core/ids.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';
import { momentOf, momentOrNull } from './views.ts';

function sinkView(sink: SinkOverview): Sink {
  const { type, nextAttemptAtMs, lastSuccessAtMs, lastError, ...rest } = sink;
  return {
    ...rest,
    type: type ?? null,
    nextAttemptAt: momentOrNull(nextAttemptAtMs),
    lastSuccessAt: momentOrNull(lastSuccessAtMs),
    lastError:
      lastError === undefined
        ? null
        : { code: lastError.code, message: lastError.message, at: momentOf(lastError.atMs) },
  };
}

function unknownSink(): RequestProblem {
  return new RequestProblem('not_found', 'There is no such sink.', {
    remedy: 'List them: vouchgate audit sinks',
  });
}

export function createSinkHandlers({
  sinks,
  events,
  clock,
}: Pick<ServerDependencies, 'sinks' | 'events' | 'clock'>): HandlersOf<
  'listSinks' | 'listParkedEvents' | 'retrySink'
> {
  return {
    async listSinks() {
      return { value: { sinks: (await sinks.list()).map(sinkView) } };
    },
    async listParkedEvents({ params, query }) {
      if ((await sinks.store.find(params.name)) === undefined) throw unknownSink();
      const { after, limit } = query;
      const filter = after === undefined ? { limit } : { limit, afterIndex: after };
      const parked = await sinks.store.parked(params.name, filter);
      return {
        value: {
          parked: parked.map(({ eventId, parkedAtMs, ...rest }) => ({
            ...rest,
            event: eventId,
            parkedAt: momentOf(parkedAtMs),
          })),
          next: parked.length === limit ? (parked.at(-1)?.index ?? null) : null,
        },
      };
    },
    async retrySink({ params, caller }) {
      const { name } = params;
      if ((await sinks.store.find(name)) === undefined) throw unknownSink();
      const parked = await sinks.store.countParked(name);
      // Recorded first, as every change that a person makes.
      await events.append([
        {
          id: newId('evt', clock),
          timeMs: clock.nowMs(),
          type: 'sink.retried',
          actor: { kind: 'person', id: caller.subject },
          body: { name, parked, session: caller.id },
        },
      ]);
      if (!(await sinks.store.askRetry(name, clock.nowMs()))) throw unknownSink();
      return { value: { name, parked } };
    },
  };
}
