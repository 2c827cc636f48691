import type { EventSource, EventTextSource } from './ports.ts';

/** Events of a test as the texts that a store would keep of them. */
export function textsOf(events: EventSource): EventTextSource {
  return {
    texts: async (filter) =>
      (await events.list(filter)).map(({ sequence, ...event }) => ({
        sequence,
        text: JSON.stringify(event),
      })),
  };
}
