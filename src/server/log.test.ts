import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '#audit/event.ts';
import { findReceiptFault, parseReceipt } from '#audit/log/inclusion-receipt.ts';
import { findOpeningFault } from '#audit/log/log-entry.ts';
import { formatVerifierKey } from '#audit/log/note-key.ts';
import { verifyLog } from '#audit/log/verify-log.ts';
import { newId } from '#core/ids.ts';
import { principalIdOf } from '#identity/principal.ts';
import { DECISION_ID, GOOD_TOKEN, identityExample, NOW_MS } from './broker.fake.ts';
import { problemIn, startTestServer, type TestServer, valueOf } from './server.fake.ts';

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  token = server.openSession();
});
afterEach(() => server.close());

function event(change: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: newId('evt', { nowMs: () => NOW_MS }),
    timeMs: NOW_MS,
    type: 'decision.denied',
    actor: { kind: 'workload', id: principalIdOf(identityExample) },
    body: { sourceIp: '203.0.113.7' },
    ...change,
  };
}

describe('the log', () => {
  it('can be checked by anybody, with nothing but its key', async () => {
    await server.events.append(Array.from({ length: 300 }, () => event()));
    await server.sealLog();
    const described = valueOf('getLog', await server.call({ path: '/v1/log' }));
    expect(described).toMatchObject({ size: 300, verifier_key: formatVerifierKey(server.logSigner) });
    const verdict = await verifyLog({
      key: server.logSigner,
      fetch: async (path) => {
        const answer = await server.call({ path: `/log/${path}` });
        return answer.status === 200 ? answer.bytes : undefined;
      },
    });
    expect(verdict).toMatchObject({ ok: true, signed: { checkpoint: { size: 300 } } });
  });

  it('shows nothing of what happened', async () => {
    await server.events.append([event({ resource: 'shop-db' })]);
    await server.sealLog();
    const { text } = await server.call({ path: '/log/tile/entries/000.p/1' });
    expect(text).toContain('decision.denied');
    expect(text).not.toMatch(/203\.0\.113|shop-db|acme/);
  });

  it('lets full tiles be kept for ever, and others for a moment', async () => {
    await server.events.append(Array.from({ length: 257 }, () => event()));
    await server.sealLog();
    const [full, partial] = [
      await server.call({ path: '/log/tile/0/000' }),
      await server.call({ path: '/log/tile/0/001.p/1' }),
    ];
    expect(full.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': expect.stringContaining('immutable'),
      'access-control-allow-origin': '*',
    });
    expect(partial.headers['cache-control']).toBe('public, max-age=1');
  });

  it.each(['/log/checkpoint', '/log/tile/0/000', '/log/tile/0/000.p/1'])(
    'has no %s before its first entry',
    async (path) => {
      expect(problemIn(await server.call({ path }))).toMatchObject({ code: 'not_found', status: 404 });
    },
  );

  it.each([
    '/log/tile/0/0',
    '/log/tile/0/000/../000',
    '/log/tile//000',
    '/log/tile/64/000',
    '/log/tile/0/999',
  ])('answers %s with nothing', async (path) => {
    await server.events.append([event()]);
    await server.sealLog();
    expect((await server.call({ path })).status).toBe(404);
  });
});

describe('the standing of the log', () => {
  it('says how far it is behind the record', async () => {
    await server.events.append([event(), event()]);
    await server.sealLog();
    await server.events.append([event({ timeMs: NOW_MS - 2_500 })]);
    const status = valueOf('getLogStatus', await server.call({ path: '/v1/log/status', token }));
    expect(status).toMatchObject({
      size: 2,
      sealed_through: 2,
      recorded_through: 3,
      waiting_seconds: 2.5,
      witnesses: [],
      witnessed_size: null,
    });
    expect(await server.call({ path: '/log/checkpoint' })).toMatchObject({
      text: expect.stringContaining(`\n2\n${status.root}\n`),
    });
    expect((await server.call({ path: '/v1/log/status' })).status).toBe(401);
  });
});

describe('receipts of a bundle', () => {
  it('prove each of its entries, and leave out what is not there any more', async () => {
    await server.events.append(Array.from({ length: 300 }, () => event()));
    await server.sealLog();
    server.events.recorded.splice(298, 1);
    const answer = await server.call({ path: '/v1/log/receipts/1', token });
    const { receipts } = valueOf('listBundleReceipts', answer);
    expect(receipts).toHaveLength(44);
    expect(receipts[42]).toBeNull();
    const trust = { log: server.logSigner, witnesses: [], quorum: 0 };
    for (const [at, receipt] of receipts.entries()) {
      if (receipt === null) continue;
      const [parsed, entry] = [parseReceipt(receipt.proof), Buffer.from(receipt.entry)];
      expect(receipt.index).toBe(256 + at);
      expect(parsed && findReceiptFault(parsed, entry, trust)).toBeUndefined();
      expect(findOpeningFault(entry, receipt.opening)).toBeUndefined();
    }
  });

  it.each(['2', '-1', 'x', '0x1', '9999999999999'])('has none with the number %s', async (number) => {
    await server.events.append([event()]);
    await server.sealLog();
    const answer = await server.call({ path: `/v1/log/receipts/${number}`, token });
    expect(problemIn(answer)).toMatchObject({ code: 'not_found', status: 404 });
  });
});

describe('a receipt', () => {
  const receiptsOfJob = (jobToken: string) =>
    server.call({ path: `/v1/decisions/${DECISION_ID}/receipts`, json: { token: jobToken } });

  it('is given to operators for any event, and holds', async () => {
    await server.events.append([event(), event({ decision: DECISION_ID })]);
    await server.sealLog();
    const receipt = valueOf('getEventReceipt', await server.call({ path: '/v1/events/2/receipt', token }));
    const [parsed, entry] = [parseReceipt(receipt.proof), Buffer.from(receipt.entry)];
    const trust = { log: server.logSigner, witnesses: [], quorum: 0 };
    expect(parsed && findReceiptFault(parsed, entry, trust)).toBeUndefined();
    expect(JSON.parse(receipt.opening.lasting)).toMatchObject({ decision: DECISION_ID });
    const listed = await server.call({ path: `/v1/decisions/${DECISION_ID}/receipts`, token });
    expect(valueOf('listReceipts', listed).receipts).toEqual([receipt]);
  });

  it('is given to the job that was decided about, for its own decision only', async () => {
    await server.events.append([event({ decision: DECISION_ID })]);
    await server.sealLog();
    const [receipt] = valueOf('claimReceipts', await receiptsOfJob(GOOD_TOKEN)).receipts;
    expect(receipt && findOpeningFault(Buffer.from(receipt.entry), receipt.opening)).toBeUndefined();
    expect(JSON.parse(receipt?.opening.lasting ?? '')).toMatchObject({ decision: DECISION_ID });
    server.events.recorded.splice(0);
    await server.events.append([
      event({ decision: DECISION_ID, actor: { kind: 'workload', id: 'somebody else' } }),
    ]);
    expect(problemIn(await receiptsOfJob(GOOD_TOKEN))).toMatchObject({
      code: 'decision_unknown',
      status: 404,
    });
  });

  it('goes on proving an event whose personal part was erased', async () => {
    await server.events.append([event({ decision: DECISION_ID })]);
    await server.sealLog();
    const erasure = { path: '/v1/events/1/erase', token, json: { reason: 'request 7' } };
    expect((await server.call(erasure)).status).toBe(204);
    expect(server.events.recorded.at(-1)).toMatchObject({
      type: 'event.erased',
      body: { reason: 'request 7' },
    });
    expect(JSON.stringify(server.logStore.erased)).not.toContain('203.0.113.7');
    server.events.recorded.splice(0, 1, ...server.logStore.erased);
    const receipt = valueOf('getEventReceipt', await server.call({ path: '/v1/events/1/receipt', token }));
    expect(JSON.stringify(receipt)).not.toContain('203.0.113.7');
    expect(receipt.opening.personal).toBeUndefined();
    expect(findOpeningFault(Buffer.from(receipt.entry), receipt.opening)).toBeUndefined();
    // What is sealed after it does not bring the old salt back.
    await server.sealLog();
    const again = valueOf('getEventReceipt', await server.call({ path: '/v1/events/1/receipt', token }));
    expect(again.opening).toEqual(receipt.opening);
  });

  it('is not there for what is not recorded, and is worth waiting for when it is not sealed', async () => {
    expect(problemIn(await server.call({ path: '/v1/events/9/receipt', token }))).toMatchObject({
      code: 'event_unknown',
      status: 404,
    });
    await server.events.append([event()]);
    const waiting = server.call({ path: '/v1/events/1/receipt', token });
    await server.sealLog();
    expect((await waiting).status).toBe(200);
    await server.events.append([event()]);
    const pending = await server.call({ path: '/v1/events/2/receipt', token });
    expect(problemIn(pending)).toMatchObject({ code: 'receipt_pending', status: 503 });
    expect(pending.headers['retry-after']).toBe('1');
  });
});
