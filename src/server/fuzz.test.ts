import { Agent } from 'undici';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { LEASE_TOKEN, leaseExample } from './broker.fake.ts';
import { exchangeForm, startTestServer, type TestServer } from './server.fake.ts';

const RUNS = 500;
const AT_ONCE = 10;
const CANARY = 'canary-4711-canary';

let server: TestServer;
let session: string;
let agent: Agent;
beforeAll(async () => {
  server = await startTestServer({ limits: { failuresMax: 1_000_000 } });
  session = server.openSession();
  agent = new Agent({ connections: AT_ONCE });
});
afterAll(async () => {
  await agent.close();
  await server.close();
});

const all = Object.values<Route>(routes).filter(({ path }) => path !== '/v1/sessions/current');
const path = fc.oneof(
  fc.constantFrom(...all.map((route) => route.path.replaceAll(/\{\w+\}/g, leaseExample().id))),
  fc.webPath().map((text) => `/${text}`),
  fc
    .string({ unit: 'binary-ascii', maxLength: 30 })
    .map((text) => `/v1/leases/${encodeURIComponent(text)}/revoke`),
);
const query = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc.webQueryParameters().map((text) => `?${text}`),
  fc
    .dictionary(
      fc.constantFrom('state', 'limit', 'before', 'after', 'type', 'resource'),
      fc.string({ maxLength: 12 }),
    )
    .filter((entries) => Object.values(entries).every((text) => text.isWellFormed()))
    .map((entries) => `?${new URLSearchParams(entries).toString()}`),
);
const formText = fc
  .tuple(
    fc.subarray(Object.entries(exchangeForm)),
    fc.dictionary(fc.constantFrom('audience', 'resource', 'scope', 'requested_expires_in', 'x'), fc.string()),
  )
  .map(([known, more]) => new URLSearchParams([...known, ...Object.entries(more)]).toString());
const body = fc.oneof(
  fc.constant(''),
  formText,
  fc.string({ unit: fc.constantFrom(...Array.from('&=%+az0')), maxLength: 60 }),
  fc.json({ maxDepth: 4 }),
  fc
    .record(
      {
        token: fc.constantFrom(CANARY, 1, null),
        value: fc.constantFrom(CANARY, '', 1),
        filter: fc.object({ maxDepth: 1 }),
        link: fc.string(),
        resource: fc.string(),
        identity: fc.object({ maxDepth: 2 }),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
);
const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain',
      '',
    ),
    authorization: fc.oneof(
      fc.constantFrom('SESSION', `Bearer ${LEASE_TOKEN}`, 'Bearer x', 'Basic eA=='),
      fc.string({ unit: fc.constantFrom(...Array.from('abc ,=/.-')), maxLength: 30 }),
    ),
    dpop: fc.string({ unit: fc.constantFrom(...Array.from('abc.,-_')), maxLength: 30 }),
    'x-forwarded-for': fc.string({ unit: fc.constantFrom(...Array.from('0129.:,[] ')), maxLength: 30 }),
    'content-encoding': fc.constantFrom('gzip', 'identity', ''),
  },
  { requiredKeys: [] },
);

const anything = fc.record({
  method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'HEAD', 'PATCH'),
  path,
  query,
  headers,
  body,
});
/** Comes past the gate of the token endpoint, so that what is behind is tried as well. */
const exchange = fc.record({
  method: fc.constant('POST'),
  path: fc.constant('/oauth2/token'),
  query: fc.constant(''),
  headers: fc.record(
    {
      'content-type': fc.constant('application/x-www-form-urlencoded'),
      dpop: fc.string({ unit: fc.constantFrom('a', '.', ',') }),
    },
    { requiredKeys: ['content-type'] },
  ),
  body: fc.oneof(
    formText,
    fc.string().map((name) => new URLSearchParams({ ...exchangeForm, audience: name }).toString()),
  ),
});
const sample = fc.oneof({ weight: 4, arbitrary: anything }, { weight: 1, arbitrary: exchange });
type Sample = typeof anything extends fc.Arbitrary<infer Value> ? Value : never;

async function send({
  method,
  path,
  query,
  headers,
  body,
}: Sample): Promise<{ status: number; text: string }> {
  const { authorization, ...rest } = headers;
  const caller = authorization === 'SESSION' ? `Bearer ${session}` : authorization;
  // Not `fetch`, nor a URL: those tidy the path up before it is sent.
  const answer = await agent.request({
    origin: server.url,
    path: path + query,
    method,
    headers: { ...rest, ...(caller === undefined ? {} : { authorization: caller }) },
    ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}

describe('whatever is sent', () => {
  it(`is never a 5xx, nor a crash, nor in the log (${RUNS * AT_ONCE} requests)`, {
    timeout: 60_000,
  }, async () => {
    const seen = new Set<number>();
    const samples = fc.array(sample, { minLength: AT_ONCE, maxLength: AT_ONCE });
    await fc.assert(
      fc.asyncProperty(samples, async (batch) => {
        for (const { status, text } of await Promise.all(batch.map(send))) {
          expect(status, text).toBeLessThan(500);
          expect(text).not.toContain(CANARY);
          seen.add(status);
        }
      }),
      { numRuns: RUNS },
    );
    // That the samples reach far enough: answers of handlers, not only of the gate.
    expect([...seen]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405, 415]));
    expect(server.broker.requests.length).toBeGreaterThan(0);
    expect(server.lines.join('\n')).not.toContain(CANARY);
    expect(JSON.stringify(server.events.recorded)).not.toContain(CANARY);
  });
});
