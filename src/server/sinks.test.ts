import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemIn, startTestServer, type TestServer, valueOf } from './server.fake.ts';
import { createTestSinks } from './sinks.fake.ts';

let server: TestServer;
let sinks: ReturnType<typeof createTestSinks>;
let token: string;
beforeEach(async () => {
  sinks = createTestSinks();
  server = await startTestServer({ sinks });
  token = server.openSession();
});
afterEach(() => server.close());

describe('sinks', () => {
  it('are shown with their lag, their state and the last error', async () => {
    const answer = valueOf('listSinks', await server.call({ path: '/v1/sinks', token }));
    expect(answer.sinks).toMatchObject([
      {
        name: 'siem',
        state: 'down',
        behind: 2,
        oldestUnsentAgeSeconds: 12.5,
        lastError: { code: 'http_503' },
      },
      {
        name: 'old',
        type: null,
        state: 'removed',
        lastSuccessAt: '2023-11-14T22:13:20.000Z',
        lastError: null,
      },
    ]);
  });

  it('show what they would not take, page by page', async () => {
    const first = await server.call({ path: '/v1/sinks/siem/parked?limit=1', token });
    expect(valueOf('listParkedEvents', first)).toMatchObject({
      parked: [{ index: 7, event: 'evt_7', code: 'elasticsearch_400' }],
      next: 7,
    });
    const second = await server.call({ path: '/v1/sinks/siem/parked?after=7', token });
    expect(valueOf('listParkedEvents', second)).toEqual({ parked: [], next: null });
  });

  it('are tried again when a person asks, and that is recorded', async () => {
    const answer = await server.call({ method: 'POST', path: '/v1/sinks/siem/retry', token });
    expect(valueOf('retrySink', answer)).toEqual({ name: 'siem', parked: 1 });
    expect(sinks.askedAtMs).toEqual([server.time.nowMs]);
    const [event] = await server.events.list({ limit: 1 });
    expect(event).toMatchObject({ type: 'sink.retried', actor: { kind: 'person', id: 'admin' } });
  });

  it('that are unknown are not found, and nobody sees them without a session', async () => {
    for (const [method, path] of [
      ['GET', '/v1/sinks/other/parked'],
      ['POST', '/v1/sinks/__proto__/retry'],
    ] as const)
      expect(problemIn(await server.call({ method, path, token })).code).toBe('not_found');
    for (const [method, path] of [
      ['GET', '/v1/sinks'],
      ['GET', '/v1/sinks/siem/parked'],
      ['POST', '/v1/sinks/siem/retry'],
    ] as const)
      expect(problemIn(await server.call({ method, path })).code).toBe('authentication_required');
    expect(sinks.askedAtMs).toEqual([]);
  });
});
