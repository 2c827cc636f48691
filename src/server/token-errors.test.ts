import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeDenialCode } from '#broker/exchange.ts';
import { StoreError } from '#core/store-error.ts';
import { DECISION_ID } from './broker.fake.ts';
import { exchangeForm, startTestServer, tokenErrorIn, type TestServer } from './server.fake.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const exchange = () => server.call({ path: '/oauth2/token', form: exchangeForm });

const deny = (code: ExchangeDenialCode, message = 'No.') => {
  server.broker.onExchange = () => ({
    outcome: 'denied',
    decision: DECISION_ID,
    denial: {
      code,
      message,
      facts: [{ name: 'principal.ref.full', expected: 'refs/heads/main', received: undefined }],
      remedy: 'Do otherwise.',
      retryable: false,
    },
  });
};

describe('a denial', () => {
  it('says why, with the facts, and null for what was absent', async () => {
    deny('no_permit', 'No policy lets “this” have `shop-db`\\.');
    const answer = await exchange();
    expect(answer.status).toBe(400);
    expect(tokenErrorIn(answer)).toEqual({
      error: 'invalid_target',
      error_description: "No policy lets 'this' have 'shop-db'/.",
      reason: 'no_permit',
      decision: DECISION_ID,
      facts: [{ name: 'principal.ref.full', expected: 'refs/heads/main', received: null }],
      remedy: 'Do otherwise.',
      retryable: false,
    });
  });

  it.each<[ExchangeDenialCode, number, string]>([
    ['token_expired', 400, 'invalid_request'],
    ['token_keys_unavailable', 503, 'temporarily_unavailable'],
    ['token_replayed', 400, 'invalid_request'],
    ['proof_replayed', 400, 'invalid_request'],
    ['exchange_in_progress', 400, 'invalid_request'],
    ['no_permit', 400, 'invalid_target'],
    ['forbidden', 400, 'invalid_target'],
    ['evaluation_error', 400, 'invalid_target'],
    ['posture_failed', 400, 'invalid_target'],
    ['posture_unknown', 400, 'invalid_target'],
    ['resource_unknown', 400, 'invalid_target'],
    ['proof_invalid', 400, 'invalid_dpop_proof'],
    ['proof_required', 400, 'invalid_dpop_proof'],
    ['backend_refused', 502, 'server_error'],
    ['backend_unavailable', 503, 'temporarily_unavailable'],
    ['store_unavailable', 503, 'temporarily_unavailable'],
    ['configuration_missing', 503, 'temporarily_unavailable'],
    ['overloaded', 503, 'temporarily_unavailable'],
  ])('for %s is a %i %s', async (code, status, error) => {
    deny(code);
    const answer = await exchange();
    expect(answer.status).toBe(status);
    expect(tokenErrorIn(answer)).toMatchObject({ error, reason: code });
    expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
  });
});

describe('a failure behind the token endpoint', () => {
  it('of the store is a 503 with its remedy', async () => {
    server.broker.onExchange = () => {
      throw new StoreError('store_full', 'disk full at secret-path', { remedy: 'Free space.' });
    };
    const answer = await exchange();
    expect(answer.status).toBe(503);
    expect(tokenErrorIn(answer)).toMatchObject({
      reason: 'store_unavailable',
      remedy: 'Free space.',
      retryable: true,
    });
    expect(answer.text).not.toContain('secret-path');
  });

  it('that nobody expected is a 500 with an incident, whose cause is only in the log', async () => {
    server.broker.onExchange = () => {
      throw new Error('cause-4711', { cause: new Error('root-4712') });
    };
    const answer = await exchange();
    expect(answer.status).toBe(500);
    const error = tokenErrorIn(answer);
    expect(error).toMatchObject({ error: 'server_error', reason: 'internal_error' });
    expect(answer.text).not.toContain('cause-4711');
    const incident = /incident ([0-9a-f-]{36})/.exec(error.error_description)?.[1] ?? 'none';
    expect(server.lines.find((line) => line.includes(incident))).toMatch(/cause-4711.*root-4712/);
  });
});
