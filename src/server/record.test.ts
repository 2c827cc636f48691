import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '#audit/event.ts';
import { newId } from '#core/ids.ts';
import { StoreError } from '#core/store-error.ts';
import { DECISION_ID, NOW_MS } from './broker.fake.ts';
import { outcomeOf } from './decision-story.ts';
import { problemIn, startTestServer, valueOf, type TestServer } from './server.fake.ts';

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  token = server.openSession();
});
afterEach(() => server.close());

function event(type: AuditEvent['type'], change: Partial<AuditEvent> = {}): AuditEvent {
  const id = newId('evt', { nowMs: () => NOW_MS });
  return { id, timeMs: NOW_MS, type, actor: { kind: 'workload', id: 'github/x' }, body: {}, ...change };
}

const get = (path: string) => server.call({ path, token });

const sequencesFor = async (query: string) =>
  valueOf('listEvents', await get(`/v1/events?${query}`)).events.map(({ sequence }) => sequence);

describe('the record', () => {
  beforeEach(() =>
    server.events.append([
      event('server.started'),
      event('decision.denied', {
        decision: DECISION_ID,
        resource: 'shop-db',
        body: { denial: { code: 'no_permit' } },
      }),
      event('session.opened'),
      event('lease.revoked', { lease: 'lse_1' }),
    ]),
  );

  it('is listed newest first, and oldest first from a point on', async () => {
    const newest = valueOf('listEvents', await get('/v1/events?limit=3'));
    expect(newest.events.map(({ sequence }) => sequence)).toEqual([4, 3, 2]);
    expect(newest.next).toBe(2);
    const rest = valueOf('listEvents', await get('/v1/events?limit=3&before=2'));
    expect(rest).toMatchObject({ events: [{ sequence: 1, time: '2026-06-01T12:00:00.000Z' }], next: null });
    const later = valueOf('listEvents', await get('/v1/events?after=2&limit=1'));
    expect(later).toMatchObject({ events: [{ sequence: 3 }], next: 3 });
  });

  it('is filtered by type, decision, resource and lease', async () => {
    expect(await sequencesFor('type=session.opened,server.started')).toEqual([3, 1]);
    expect(await sequencesFor(`decision=${DECISION_ID}`)).toEqual([2]);
    expect(await sequencesFor('resource=shop-db')).toEqual([2]);
    expect(await sequencesFor('lease=lse_1')).toEqual([4]);
  });

  it.each(['type=unknown', 'after=1&before=2', 'after=-1', 'limit=1001'])(
    'is not listed for %s',
    async (query) => {
      expect(problemIn(await get(`/v1/events?${query}`))).toMatchObject({
        status: 400,
        code: 'request_invalid',
      });
    },
  );

  it('that cannot be read is a 503 with its remedy, and nothing of the cause', async () => {
    server.events.failure = new StoreError('store_locked', 'at secret-path', {
      remedy: 'Stop the other one.',
    });
    const answer = await get('/v1/events');
    expect(problemIn(answer)).toMatchObject({
      status: 503,
      code: 'store_locked',
      remedy: 'Stop the other one.',
    });
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.text).not.toContain('secret-path');
  });
});

/** An id that sorts as it is counted. */
const decisionId = (count: number) => `dec_${String(count).padStart(26, '0')}`;

const idsFor = async (query: string) =>
  valueOf('listDecisions', await get(`/v1/decisions?${query}`)).decisions.map(({ id }) => id);

describe('decisions', () => {
  const decided = (count: number, path: string, change: Partial<AuditEvent> = {}) =>
    event('decision.issued', {
      decision: decisionId(count),
      resource: 'a',
      timeMs: NOW_MS + count * 60_000,
      body: { identity: { provider: 'github', project: { path } } },
      ...change,
    });
  const record = async (...events: AuditEvent[]) => {
    await server.events.append(events);
    await server.indexDecisions();
  };

  it('are listed with how they ended and the code of a denial', async () => {
    await record(
      decided(1, 'acme/shop'),
      event('session.opened'),
      event('decision.denied', { decision: decisionId(2), body: { denial: { code: 'no_permit' } } }),
      event('decision.denied', { decision: decisionId(3), body: { denial: 'of another version' } }),
      event('decision.allowed', { decision: decisionId(4), resource: 'a' }),
      event('credential.failed', { decision: decisionId(4) }),
    );
    const page = valueOf('listDecisions', await get('/v1/decisions'));
    expect(page).toMatchObject({ next: null, indexed_through: 6, recorded_through: 6 });
    await server.events.append([event('session.opened')]);
    const behind = valueOf('listDecisions', await get('/v1/decisions?limit=1'));
    expect(behind).toMatchObject({ indexed_through: 6, recorded_through: 7 });
    expect(page.decisions.map(({ outcome, reason, resource }) => [outcome, reason, resource])).toEqual([
      ['issued', null, 'a'],
      ['failed', null, 'a'],
      ['denied', null, null],
      ['denied', 'no_permit', null],
    ]);
    const denied = valueOf('listDecisions', await get('/v1/decisions?outcome=denied,failed&limit=1'));
    expect(denied).toMatchObject({ decisions: [{ sequence: 5 }], next: 5 });
    expect(await idsFor('before=5&resource=a')).toEqual([]);
    expect(await idsFor('text=SHOP')).toEqual([decisionId(1)]);
    expect(await idsFor('from=2026-06-01T12:01:00Z&to=2026-06-01T12:02:00Z')).toEqual([decisionId(1)]);
  });

  it.each(['outcome=none', 'from=yesterday', 'before=-1', 'limit=0', 'nothing=1', 'text='])(
    'are not looked for by %s',
    async (query) => {
      expect(problemIn(await get(`/v1/decisions?${query}`))).toMatchObject({ code: 'request_invalid' });
    },
  );

  it('are counted by hour and day, and by what they have in common', async () => {
    await record(decided(1, 'acme/shop'), decided(2, 'acme/shop'), decided(70, 'acme/web'));
    const counts = valueOf('countDecisions', await get('/v1/decisions/counts'));
    expect(counts.counts.map(({ start, outcomes }) => [start, outcomes.issued])).toEqual([
      ['2026-06-01T12:00:00.000Z', 2],
      ['2026-06-01T13:00:00.000Z', 1],
    ]);
    expect(counts.total).toEqual({ allowed: 0, issued: 3, failed: 0, denied: 0 });
    const days = valueOf('countDecisions', await get('/v1/decisions/counts?by=day'));
    expect(days.counts).toMatchObject([{ start: '2026-06-01T00:00:00.000Z', outcomes: { issued: 3 } }]);
    const top = valueOf('listTopValues', await get('/v1/decisions/top?column=repository&limit=1'));
    expect(top.values).toMatchObject([{ value: 'acme/shop', count: 2 }]);
    expect(problemIn(await get('/v1/decisions/top?column=actor'))).toMatchObject({ code: 'request_invalid' });
  });

  it('are told as news, at once or when there are some', async () => {
    await record(decided(1, 'acme/shop'));
    const first = valueOf('watchDecisions', await get('/v1/decisions/news?after=0&wait=20'));
    expect(first).toMatchObject({ decisions: [{ id: decisionId(1) }], through: 1 });
    const waiting = get('/v1/decisions/news?after=1&wait=20');
    await record(event('session.opened'), decided(2, 'acme/shop'));
    const news = valueOf('watchDecisions', await waiting);
    expect(news).toMatchObject({ decisions: [{ id: decisionId(2) }], through: 3 });
    expect(valueOf('watchDecisions', await get('/v1/decisions/news?after=3'))).toEqual({
      decisions: [],
      through: 3,
    });
  });

  it('keep nobody waiting when the server closes', async () => {
    const started = performance.now();
    const waiting = get('/v1/decisions/news?after=0&wait=25').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.server.close({ graceMs: 5_000 });
    await waiting;
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('show the policies that decided as they were written then', async () => {
    const text = '@id("shop")\npermit (principal, action, resource);';
    server.versions.push(
      {
        id: 'cfg_1',
        digest: 'd1',
        policyVersion: 'v1',
        appliedAtMs: NOW_MS,
        files: {
          'policies/a.cedar': `// first\n${text}`,
          'people/b.cedar': '@id("gone") permit (principal, action, resource);',
        },
      },
      {
        id: 'cfg_2',
        digest: 'd2',
        policyVersion: 'v2',
        appliedAtMs: NOW_MS,
        files: { 'policies/a.cedar': text.replace('permit', 'forbid') },
      },
    );
    await record(
      decided(1, 'acme/shop', { body: { policy: { version: 'v1', determining: ['shop', 'gone'] } } }),
      decided(2, 'acme/shop', { body: { policy: { version: 'v0', determining: ['shop'] } } }),
    );
    const story = valueOf('getDecision', await get(`/v1/decisions/${decisionId(1)}`));
    expect(story.policyVersion).toBe('v1');
    expect(story.policies).toEqual([
      { id: 'shop', text, file: 'policies/a.cedar' },
      { id: 'gone', text: null, file: null },
    ]);
    const older = valueOf('getDecision', await get(`/v1/decisions/${decisionId(2)}`));
    expect(older.policies).toEqual([{ id: 'shop', text: null, file: null }]);
  });

  it('are told as a story in order, with the lease', async () => {
    await server.events.append([
      event('decision.allowed', { decision: DECISION_ID }),
      event('decision.denied', { decision: 'dec_other' }),
      event('credential.issued', { decision: DECISION_ID }),
    ]);
    const story = valueOf('getDecision', await get(`/v1/decisions/${DECISION_ID}`));
    expect(story).toMatchObject({ id: DECISION_ID, outcome: 'issued', lease: { decision: DECISION_ID } });
    expect(story.events.map(({ type }) => type)).toEqual(['decision.allowed', 'credential.issued']);
  });

  it.each(['dec_01JBTXQ4G6M7W8Z9V0R2K3N5ZZ', 'nothing', 'lse_01JBTXQ4G6M7W8Z9V0R2K3N5PA'])(
    'have none with the id %s',
    async (id) => {
      expect(problemIn(await get(`/v1/decisions/${id}`))).toMatchObject({
        status: 404,
        code: 'decision_unknown',
      });
    },
  );

  it.each([
    [['decision.allowed'], 'allowed'],
    [['decision.allowed', 'credential.failed'], 'failed'],
    [['decision.allowed', 'credential.issued', 'lease.revoked'], 'issued'],
    [['decision.issued', 'lease.expired'], 'issued'],
    [['decision.denied'], 'denied'],
  ] as const)('%j ended %s', (types, outcome) => {
    expect(outcomeOf(new Set(types))).toBe(outcome);
  });
});
