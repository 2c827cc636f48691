import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failedPosture } from '#broker/testing/posture-example.ts';
import { z } from 'zod';
import { Identity } from '#api/identity.ts';
import { StoreError } from '#core/store-error.ts';
import { WorkloadIdentity } from '#identity/workload-identity.ts';
import { GOOD_TOKEN, identityExample, NOW_MS } from './broker.fake.ts';
import { problemIn, PUBLIC_URL, startTestServer, valueOf, type TestServer } from './server.fake.ts';

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  token = server.openSession();
});
afterEach(() => server.close());

describe('the identity on the wire', () => {
  it('is the identity of the identity room, member by member', () => {
    expect(z.toJSONSchema(Identity)).toEqual(z.toJSONSchema(WorkloadIdentity));
  });
});

const whoami = (json: unknown) => server.call({ path: '/v1/whoami', json });

describe('whoami', () => {
  it('says whom a token is taken for, without a session', async () => {
    expect(valueOf('identifyToken', await whoami({ token: GOOD_TOKEN }))).toEqual({
      accepted: true,
      identity: identityExample,
      principal: 'github/repo:acme/shop:ref:refs/heads/main',
      expiresAt: '2026-06-01T12:05:00.000Z',
    });
  });

  it('says why a token is not accepted, and does not repeat it', async () => {
    const answer = await whoami({ token: 'canary-4711' });
    expect(valueOf('identifyToken', answer)).toMatchObject({
      accepted: false,
      refusal: { code: 'token_malformed', facts: [{ name: 'token', received: null }] },
    });
    expect(answer.text).not.toContain('canary');
  });

  it.each([
    {},
    { token: 1 },
    { token: '' },
    { token: 'a', more: 1 },
    [],
    null,
    { token: 'x'.repeat(65_537) },
  ])('refuses %j', async (body) => {
    expect(problemIn(await whoami(body))).toMatchObject({ status: 400, code: 'request_invalid' });
  });
});

describe('an inspection', () => {
  const inspect = async (token: string) =>
    valueOf('inspectPipeline', await server.call({ path: '/v1/posture', json: { token } }));

  it('gives the verdict on the pipeline of a token, or says why there is none', async () => {
    expect(await inspect(GOOD_TOKEN)).toEqual({
      outcome: 'unknown',
      reason: 'nobody looked',
      retryable: true,
    });
    server.broker.posture = failedPosture();
    expect(await inspect(GOOD_TOKEN)).toMatchObject({
      outcome: 'known',
      grade: 'fail',
      critical: 1,
      reported: null,
      findings: [{ rule: 'unsafe-checkout', line: 12 }],
    });
  });

  it('refuses a token that is none, and does not repeat it', async () => {
    const answer = await inspect('canary-4711');
    expect(answer).toMatchObject({ outcome: 'refused', refusal: { code: 'token_malformed' } });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });
});

const simulate = (json: unknown, by: string | undefined = token) =>
  server.call({ path: '/v1/simulate', json, ...(by === undefined ? {} : { token: by }) });

describe('a simulation', () => {
  it('says what would be decided for an identity or a token', async () => {
    for (const subject of [{ identity: identityExample }, { token: GOOD_TOKEN }]) {
      const answer = await simulate({ ...subject, resource: 'shop-db' });
      expect(valueOf('simulateDecision', answer)).toMatchObject({
        identity: identityExample,
        refusal: null,
        decision: { outcome: 'deny', facts: [{ name: 'principal.ref', received: null }] },
      });
    }
  });

  it('says why a token does not even get so far', async () => {
    const answer = await simulate({ token: 'bad', resource: 'shop-db' });
    expect(valueOf('simulateDecision', answer)).toMatchObject({ identity: null, decision: null });
  });

  it('takes a token or an identity, not both, and only from those with a session', async () => {
    const both = { token: GOOD_TOKEN, identity: identityExample, resource: 'shop-db' };
    expect(problemIn(await simulate(both)).code).toBe('request_invalid');
    const bare = await server.call({
      path: '/v1/simulate',
      json: { token: GOOD_TOKEN, resource: 'shop-db' },
    });
    expect(problemIn(bare).code).toBe('authentication_required');
  });
});

describe('the configuration', () => {
  it('is shown with the change that was refused', async () => {
    const problem = { file: 'vouchgate.yaml', line: 3, message: 'No.', remedy: 'Yes.' };
    server.broker.status = { ...server.broker.status, refused: { atMs: NOW_MS, problems: [problem] } };
    const answer = valueOf('getConfiguration', await server.call({ path: '/v1/configuration', token }));
    expect(answer).toMatchObject({
      inForce: { appliedAt: '2026-06-01T12:00:00.000Z' },
      refused: { at: '2026-06-01T12:00:00.000Z', problems: [problem] },
    });
  });
});

describe('what is configured beside access', () => {
  it('is shown by name with what it does, and never with a setting', async () => {
    server.broker.status = {
      ...server.broker.status,
      posture: { sources: [{ identityProvider: 'github', type: 'github' }], gatePolicy: true },
      inputs: [
        { name: 'audit-log', type: 'github', mode: 'poll' },
        { name: 'events', type: 'webhook', mode: 'receive' },
      ],
      telemetry: { metrics: true, traces: false },
    };
    const answer = valueOf('getConfiguration', await server.call({ path: '/v1/configuration', token }));
    expect(answer).toMatchObject({
      posture: { sources: [{ identityProvider: 'github', type: 'github' }], gatePolicy: true },
      sinks: [{ name: 'siem', type: 'elasticsearch', state: 'down' }],
      witnesses: [],
      inputs: [
        { name: 'audit-log', type: 'github', mode: 'poll', readAt: null },
        { name: 'events', type: 'webhook', mode: 'receive', readAt: null },
      ],
      telemetry: { metrics: true, traces: false },
    });
  });
});

const put = (name: string, json: unknown) =>
  server.call({ method: 'PUT', path: `/v1/sealed-secrets/${name}`, json, token });

describe('sealed secrets', () => {
  it('are stored, and listed without their value', async () => {
    const answer = await put('npm-token', { value: 'canary-4711', rotateBy: '2026-05-31' });
    expect(valueOf('putSealedSecret', answer)).toEqual({
      name: 'npm-token',
      rotateBy: '2026-05-31T23:59:59.999Z',
    });
    await put('other', { value: 'canary-4712' });
    const list = await server.call({ path: '/v1/sealed-secrets', token });
    expect(valueOf('listSealedSecrets', list).secrets).toMatchObject([
      { name: 'npm-token', rotateBy: '2026-05-31T23:59:59.999Z', overdue: true },
      { name: 'other', rotateBy: null, overdue: false },
    ]);
    expect(server.sealedSecrets.rows.get('npm-token')?.value.reveal()).toBe('canary-4711');
    expect(server.events.recorded).toMatchObject([
      { type: 'secret.sealed', actor: { id: 'admin' }, body: { name: 'npm-token' } },
      { type: 'secret.sealed' },
    ]);
    const said = [answer.text, list.text, JSON.stringify(server.events.recorded), ...server.lines].join('\n');
    expect(said).not.toContain('canary');
  });

  it('are due at the end of the day', async () => {
    await put('today', { value: 'x', rotateBy: '2026-06-01' });
    const list = await server.call({ path: '/v1/sealed-secrets', token });
    expect(valueOf('listSealedSecrets', list).secrets[0]?.overdue).toBe(false);
  });

  it.each(['a%20b', '.hidden', 'x'.repeat(129), 'a%00'])('have no name like %s', async (name) => {
    expect(problemIn(await put(name, { value: 'x' }))).toMatchObject({
      status: 400,
      code: 'request_invalid',
    });
  });

  it.each([
    { value: '' },
    { value: 'canary', rotateBy: 'tomorrow' },
    { value: 'canary', rotateBy: '2026-02-30' },
    { value: { canary: 1 } },
    { value: '\ud800' },
    { value: 'canary', canary: 1 },
  ])('refuse %j, and never repeat the value', async (body) => {
    const answer = await put('name', body);
    expect(problemIn(answer)).toMatchObject({
      status: 400,
      code: 'request_invalid',
      fields: expect.any(Array),
    });
    expect(answer.text.replace('"canary"', '')).not.toContain('canary"}');
    expect(server.sealedSecrets.rows.size).toBe(0);
  });

  it('are not stored when that cannot be recorded', async () => {
    server.events.failure = new StoreError('store_read_only', 'read-only');
    expect(problemIn(await put('name', { value: 'x' }))).toMatchObject({
      status: 503,
      code: 'store_read_only',
    });
    expect(server.sealedSecrets.rows.size).toBe(0);
  });

  it('that the store refuses for their size are the fault of the caller', async () => {
    server.sealedSecrets.failure = new StoreError('store_refused', 'too large');
    expect(problemIn(await put('name', { value: 'x' }))).toMatchObject({
      status: 422,
      code: 'store_refused',
    });
  });
});

describe('discovery', () => {
  it.each([
    ['getOpenIdConfiguration', '/.well-known/openid-configuration'],
    ['getAuthorizationServerMetadata', '/.well-known/oauth-authorization-server'],
  ] as const)('%s points at this server, for everybody', async (id, path) => {
    const answer = await server.call({ path });
    expect(valueOf(id, answer)).toMatchObject({
      issuer: PUBLIC_URL,
      jwks_uri: `${PUBLIC_URL}/.well-known/jwks.json`,
      token_endpoint: `${PUBLIC_URL}/oauth2/token`,
    });
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  it('has the keys', async () => {
    const answer = await server.call({ path: '/.well-known/jwks.json' });
    expect(valueOf('getJwks', answer).keys).toHaveLength(1);
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
  });

  it('has the OpenAPI document', async () => {
    expect(valueOf('getOpenApi', await server.call({ path: '/v1/openapi.json' })).openapi).toBe('3.1.0');
  });

  it('is all that pages of other origins may read', async () => {
    for (const path of ['/', '/healthz', '/v1/leases', '/v1/openapi.json']) {
      const answer = await server.call({ path, headers: { origin: 'https://evil.example' } });
      expect(answer.headers['access-control-allow-origin']).toBe(undefined);
    }
  });
});

describe('health', () => {
  it('is the process alone', async () => {
    server.events.failure = new StoreError('store_unavailable', 'gone');
    expect(valueOf('getLiveness', await server.call({ path: '/healthz' }))).toEqual({ status: 'ok' });
  });

  it('and readiness needs a durable write and a configuration in force', async () => {
    let checks = 0;
    let failure: StoreError | undefined;
    const readiness = async () => {
      checks += 1;
      if (failure !== undefined) throw failure;
    };
    const other = await startTestServer({ readiness });
    try {
      const ready = () => other.call({ path: '/readyz' });
      const answers = await Promise.all(Array.from({ length: 20 }, ready));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
      expect(checks).toBe(1);
      failure = new StoreError('store_full', 'full', { remedy: 'Free space.' });
      other.time.nowMs += 1_000;
      expect(problemIn(await ready())).toMatchObject({
        status: 503,
        code: 'store_full',
        remedy: 'Free space.',
      });
      failure = undefined;
      other.time.nowMs += 1_000;
      other.broker.status = { ...other.broker.status, inForce: undefined };
      expect(problemIn(await ready())).toMatchObject({ status: 503, code: 'configuration_missing' });
    } finally {
      await other.close();
    }
  });
});
