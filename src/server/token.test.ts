import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TokenErrorReason } from '#api/token-exchange.ts';
import { Secret } from '#core/secret.ts';
import { DECISION_ID, issuedExample, leaseExample, LEASE_TOKEN } from './broker.fake.ts';
import { exchangeForm, startTestServer, tokenErrorIn, valueOf, type TestServer } from './server.fake.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
afterEach(() => {
  server.broker.onExchange = () => issuedExample();
});

const exchange = (
  form: Record<string, string> | string = exchangeForm,
  headers: Record<string, string> = {},
) => server.call({ path: '/oauth2/token', form, headers });

describe('a token exchange', () => {
  it('gives all values as JSON where the credential is several', async () => {
    const answer = await exchange();
    expect(valueOf('exchangeToken', answer)).toEqual({
      access_token: '{"username":"vg_shop_01","password":"hunter2-canary"}',
      issued_token_type: 'urn:vouchgate:params:oauth:token-type:credential',
      token_type: 'N_A',
      expires_in: 900,
      decision: DECISION_ID,
      resource: 'shop-db',
      credential_type: 'postgres',
      value_field: null,
      secret_fields: ['password'],
      environment: { PGUSER: 'username', PGPASSWORD: 'password' },
      expires_at: '2026-06-01T12:15:00.000Z',
      lease: { id: leaseExample().id, token: LEASE_TOKEN, renewable: true, revocable: true },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers.pragma).toBe('no-cache');
  });

  it('gives the one value where the credential is a token, as a bearer token', async () => {
    const result = issuedExample({ token: new Secret('ey.minted.canary') });
    if (result.outcome !== 'issued') throw new Error('issued');
    const issuedTokenType = 'urn:ietf:params:oauth:token-type:jwt';
    server.broker.onExchange = () => ({
      ...result,
      issued: { ...result.issued, issuedTokenType, accessTokenField: 'token' },
    });
    expect(valueOf('exchangeToken', await exchange())).toMatchObject({
      access_token: 'ey.minted.canary',
      issued_token_type: issuedTokenType,
      token_type: 'Bearer',
      value_field: 'token',
      secret_fields: ['token'],
    });
  });

  it('hands the broker what the request says, and the URL that a proof must be for', async () => {
    await exchange({ ...exchangeForm, requested_expires_in: '300' }, { DPoP: 'a.b.c' });
    expect(server.broker.requests.at(-1)).toEqual({
      subjectToken: 'aaa.bbb.ccc',
      target: { name: 'shop-db' },
      ttlSeconds: 300,
      proof: { jwt: 'a.b.c', method: 'POST', url: 'https://vouchgate.acme.example/oauth2/token' },
      sourceIp: '127.0.0.1',
    });
  });

  it('takes a resource by its URI', async () => {
    const { audience: _audience, ...form } = exchangeForm;
    await exchange({ ...form, resource: 'postgres://db.acme.example/shop' });
    expect(server.broker.requests.at(-1)?.target).toEqual({ uri: 'postgres://db.acme.example/shop' });
  });

  it('treats a parameter without a value as left out', async () => {
    const answer = await exchange({ ...exchangeForm, resource: '', scope: '', requested_token_type: '' });
    expect(answer.status).toBe(200);
  });

  it.each([
    'application/x-www-form-urlencoded; charset=utf-8',
    'Application/X-WWW-Form-Urlencoded;charset="UTF-8"',
  ])('takes %s', async (type) => {
    const body = new URLSearchParams(exchangeForm).toString();
    const answer = await server.call({ path: '/oauth2/token', body, headers: { 'content-type': type } });
    expect(answer.status).toBe(200);
  });
});

describe('a token request that is wrong', () => {
  const encoded = new URLSearchParams(exchangeForm).toString();

  it.each<[string, string, number, string, TokenErrorReason]>([
    ['a repeated parameter', `${encoded}&subject_token=x`, 400, 'invalid_request', 'parameter_duplicate'],
    ['two audiences', `${encoded}&audience=other`, 400, 'invalid_target', 'target_multiple'],
    [
      'audience and resource',
      `${encoded}&resource=https%3A%2F%2Fa.example`,
      400,
      'invalid_target',
      'target_multiple',
    ],
    ['no target', encoded.replace('audience=', 'nothing='), 400, 'invalid_request', 'target_missing'],
    [
      'a relative resource',
      encoded.replace('audience=', 'resource='),
      400,
      'invalid_request',
      'parameter_invalid',
    ],
    ['an actor', `${encoded}&actor_token=x`, 400, 'invalid_request', 'parameter_unsupported'],
    ['a scope', `${encoded}&scope=all`, 400, 'invalid_scope', 'parameter_unsupported'],
    [
      'another grant',
      encoded.replace('token-exchange', 'device_code'),
      400,
      'unsupported_grant_type',
      'grant_type_unsupported',
    ],
    ['no grant', encoded.replace('grant_type=', 'g='), 400, 'invalid_request', 'parameter_missing'],
    ['no token', encoded.replace('subject_token=', 'st='), 400, 'invalid_request', 'parameter_missing'],
    [
      'another token type',
      encoded.replace('type%3Ajwt', 'type%3Asaml2'),
      400,
      'invalid_request',
      'parameter_invalid',
    ],
    [
      'an unknown requested type',
      `${encoded}&requested_token_type=x`,
      400,
      'invalid_request',
      'parameter_invalid',
    ],
    [
      'a negative lifetime',
      `${encoded}&requested_expires_in=-1`,
      400,
      'invalid_request',
      'parameter_invalid',
    ],
    [
      'a lifetime like 1e3',
      `${encoded}&requested_expires_in=1e3`,
      400,
      'invalid_request',
      'parameter_invalid',
    ],
    ['broken encoding', `${encoded}&x=%zz`, 400, 'invalid_request', 'request_malformed'],
    ['a NUL', encoded.replace('shop-db', 'shop%00db'), 400, 'invalid_request', 'request_malformed'],
    ['an empty body', '', 400, 'invalid_request', 'parameter_missing'],
    [
      'a body of more than 64 KiB',
      `${encoded}&x=${'x'.repeat(65_536)}`,
      413,
      'invalid_request',
      'body_too_large',
    ],
  ])('is refused for %s', async (_name, form, status, error, reason) => {
    const before = server.broker.requests.length;
    const answer = await exchange(form);
    expect({ status: answer.status, ...tokenErrorIn(answer) }).toMatchObject({
      status,
      error,
      reason,
      facts: [],
    });
    expect(server.broker.requests).toHaveLength(before);
  });

  it.each([
    'application/json',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=utf-7',
  ])('is refused as %s', async (type) => {
    const answer = await server.call({
      path: '/oauth2/token',
      body: encoded,
      headers: { 'content-type': type },
    });
    expect(answer.status).toBe(415);
    expect(tokenErrorIn(answer).reason).toBe('media_type_unsupported');
  });

  it('is refused when it is compressed', async () => {
    const answer = await exchange(exchangeForm, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(415);
  });

  it('never repeats what was sent', async () => {
    const answer = await exchange({
      ...exchangeForm,
      subject_token: 'canary-4711',
      grant_type: 'canary-4712',
    });
    expect(answer.text).not.toContain('canary');
  });
});

describe('too many exchanges at once', () => {
  it('are told to come back, and the token of those is not used', async () => {
    const small = await startTestServer({ limits: { exchangesMax: 2 } });
    try {
      const { promise, resolve } = Promise.withResolvers<void>();
      small.broker.onExchange = async () => {
        await promise;
        return issuedExample();
      };
      const slow = [1, 2].map(() => small.call({ path: '/oauth2/token', form: exchangeForm }));
      await expect.poll(() => small.broker.requests.length).toBe(2);
      const answer = await small.call({ path: '/oauth2/token', form: exchangeForm });
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
      expect(tokenErrorIn(answer)).toMatchObject({ reason: 'overloaded', retryable: true });
      expect(small.broker.requests).toHaveLength(2);
      resolve();
      expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
      expect((await small.call({ path: '/oauth2/token', form: exchangeForm })).status).toBe(200);
    } finally {
      await small.close();
    }
  });
});
