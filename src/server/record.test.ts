import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '#audit/event.ts';
import { newId } from '#core/ids.ts';
import { StoreError } from '#core/store-error.ts';
import { DECISION_ID, NOW_MS } from './broker.fake.ts';
import { outcomeOf } from './decisions.ts';
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

describe('decisions', () => {
  it('are listed with their outcome and the code of a denial', async () => {
    await server.events.append([
      event('decision.issued', { decision: DECISION_ID, resource: 'a' }),
      event('session.opened'),
      event('decision.denied', { decision: DECISION_ID, body: { denial: { code: 'no_permit' } } }),
      event('decision.denied', {
        decision: DECISION_ID,
        resource: 'b',
        body: { denial: 'of another version' },
      }),
      event('decision.allowed', { decision: DECISION_ID, resource: 'a' }),
    ]);
    const { decisions, next } = valueOf('listDecisions', await get('/v1/decisions'));
    expect(next).toBe(null);
    expect(decisions.map(({ outcome, reason, resource }) => [outcome, reason, resource])).toEqual([
      ['allowed', null, 'a'],
      ['denied', null, 'b'],
      ['denied', 'no_permit', null],
      ['issued', null, 'a'],
    ]);
    const denied = valueOf('listDecisions', await get('/v1/decisions?outcome=denied&limit=1'));
    expect(denied).toMatchObject({ decisions: [{ sequence: 4 }], next: 4 });
    expect(valueOf('listDecisions', await get('/v1/decisions?before=3&resource=a')).decisions).toHaveLength(
      1,
    );
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
