import type { ParkedEvent, SinkStore } from '#audit/outbox/ports.ts';
import type { SinkDependencies } from './dependencies.ts';

/** A sink `siem` with one parked event, as a store would tell of it; other names are unknown. */
export function createTestSinks(): SinkDependencies & { readonly askedAtMs: number[] } {
  const askedAtMs: number[] = [];
  const health = {
    circuit: 'open',
    failures: 6,
    stopped: false,
    nextAttemptAtMs: 1_700_000_009_000,
    lastAttemptAtMs: 1_700_000_000_000,
    lastSuccessAtMs: undefined,
    lastError: { code: 'http_503', message: 'busy', atMs: 1_700_000_000_000 },
  } as const;
  const parked: ParkedEvent = {
    index: 7,
    sequence: 9,
    eventId: 'evt_7',
    code: 'elasticsearch_400',
    message: 'mapper_parsing_exception',
    parkedAtMs: 1_700_000_000_000,
    retryAsked: false,
  };
  const cursor = { name: 'siem', firstIndex: 0, nextIndex: 40, lastSequence: 50, health, retryAskedAtMs: 0 };
  const refuse = () => Promise.reject(new Error('the server only reads'));
  const store: SinkStore = {
    open: refuse,
    hold: refuse,
    settle: refuse,
    report: refuse,
    unpark: refuse,
    park: refuse,
    find: async (name) => (name === 'siem' ? cursor : undefined),
    list: async () => [cursor],
    parked: async (name, { afterIndex = -1, limit }) =>
      [parked].filter(({ index }) => name === 'siem' && index > afterIndex).slice(0, limit),
    countParked: async (name) => (name === 'siem' ? 1 : 0),
    askRetry: async (name, nowMs) => {
      if (name === 'siem') askedAtMs.push(nowMs);
      return name === 'siem';
    },
  };
  return {
    askedAtMs,
    store,
    list: async () => [
      {
        name: 'siem',
        type: 'elasticsearch',
        state: 'down',
        firstIndex: 0,
        nextIndex: 40,
        behind: 2,
        oldestUnsentAgeSeconds: 12.5,
        parked: 1,
        failures: 6,
        nextAttemptAtMs: health.nextAttemptAtMs,
        lastSuccessAtMs: undefined,
        lastError: health.lastError,
      },
      {
        name: 'old',
        type: undefined,
        state: 'removed',
        firstIndex: 0,
        nextIndex: 40,
        behind: 2,
        oldestUnsentAgeSeconds: 0,
        parked: 0,
        failures: 0,
        nextAttemptAtMs: undefined,
        lastSuccessAtMs: 1_700_000_000_000,
        lastError: undefined,
      },
    ],
  };
}
