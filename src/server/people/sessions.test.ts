import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '#core/store-error.ts';
import { adminLinkToken, hashToken, newAdminLink } from '../secret-tokens.ts';
import { problemIn, PUBLIC_URL, startTestServer, valueOf, type TestServer } from '../server.fake.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

async function addLink(): Promise<string> {
  const link = newAdminLink({ clock: server.clock, publicUrl: PUBLIC_URL, ttlSeconds: 600 });
  await server.sessions.addAdminLink(link.stored);
  return link.url.reveal();
}

const redeem = (link: string) => server.call({ path: '/v1/sessions', json: { link } });
const typesOfEvents = () => server.events.recorded.map(({ type }) => type);

describe('an admin link', () => {
  it('opens one session of twelve hours, which works and is on record', async () => {
    const link = await addLink();
    const session = valueOf('openSession', await redeem(link));
    expect(session).toEqual({
      token: expect.stringMatching(/^vgs_[A-Za-z0-9_-]{43}$/),
      expiresAt: '2026-06-02T00:00:00.000Z',
      subject: 'admin',
      role: 'owner',
    });
    expect((await server.call({ path: '/v1/leases', token: session.token ?? '' })).status).toBe(200);
    expect(server.events.recorded).toMatchObject([
      {
        type: 'session.opened',
        actor: { kind: 'person', id: 'admin' },
        body: { sourceIp: '127.0.0.1', roles: ['owner'] },
      },
    ]);
    const kept = JSON.stringify([
      ...server.sessions.sessions,
      ...server.sessions.links,
      server.events.recorded,
    ]);
    expect(kept).not.toContain(session.token);
    expect(kept).not.toContain(adminLinkToken(link));
  });

  it('works once, in fifty attempts at once', async () => {
    const link = await addLink();
    const answers = [];
    const throttled = await startTestServer({ limits: { failuresMax: 1_000 }, sessions: server.sessions });
    try {
      const calls = Array.from({ length: 50 }, () =>
        throttled.call({ path: '/v1/sessions', json: { link } }),
      );
      answers.push(...(await Promise.all(calls)));
    } finally {
      await throttled.close();
    }
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
  });

  it('is taken with or without the address around it', async () => {
    const token = adminLinkToken(await addLink()) ?? '';
    expect((await redeem(` ${token}\n`)).status).toBe(201);
  });

  it('is refused after its time, and the refusal is on record', async () => {
    const link = await addLink();
    server.time.nowMs += 600_000;
    const answer = await redeem(link);
    expect(problemIn(answer)).toMatchObject({ status: 401, code: 'admin_link_invalid' });
    expect(server.events.recorded).toMatchObject([
      { type: 'session.refused', body: { reason: 'link_invalid' } },
    ]);
  });

  it.each([
    '',
    'x',
    'vgl_short',
    `vgs_${'a'.repeat(43)}`,
    `vgl_${'a'.repeat(43)}x`,
    `x#link=vgl_${'a'.repeat(42)}`,
  ])('that is %j is refused', async (link) => {
    expect([400, 401]).toContain((await redeem(link)).status);
    expect(server.sessions.sessions.size).toBe(0);
  });

  it('lets nobody in who cannot be recorded', async () => {
    const link = await addLink();
    server.events.failure = new StoreError('store_full', 'no space');
    expect(problemIn(await redeem(link))).toMatchObject({ status: 503, code: 'store_full' });
    expect([...server.sessions.sessions.values()].every(({ revokedAtMs }) => revokedAtMs !== undefined)).toBe(
      true,
    );
  });
});

const read = (token: string) => server.call({ path: '/v1/leases', token });

describe('a session', () => {
  it('ends by the clock, also while it is cached', async () => {
    const token = server.openSession();
    server.time.nowMs += 43_200_000 - 1;
    expect((await read(token)).status).toBe(200);
    server.time.nowMs += 1;
    expect(problemIn(await read(token))).toMatchObject({ status: 401, code: 'session_invalid' });
    expect(typesOfEvents()).toEqual(['session.refused']);
  });

  it('is looked up once in five seconds, and what is not found every time', async () => {
    const token = server.openSession();
    for (let index = 0; index < 3; index += 1) await read(token);
    expect(server.sessions.reads).toBe(1);
    server.time.nowMs += 5_000;
    await read(token);
    expect(server.sessions.reads).toBe(2);
    const unknown = `vgs_${'x'.repeat(43)}`;
    await read(unknown);
    await read(unknown);
    expect(server.sessions.reads).toBe(4);
  });

  it('that another server closed ends here within five seconds', async () => {
    const token = server.openSession();
    await read(token);
    await server.sessions.revokeSession('ses_01JBTXQ4G6M7W8Z9V0R2K3N5PA', server.time.nowMs);
    server.time.nowMs += 5_000;
    expect((await read(token)).status).toBe(401);
  });

  it('closes at once, on record', async () => {
    const token = server.openSession();
    const answer = await server.call({ method: 'DELETE', path: '/v1/sessions/current', token });
    valueOf('closeSession', answer);
    expect(answer.headers['content-length']).toBe(undefined);
    expect((await read(token)).status).toBe(401);
    expect(typesOfEvents()).toEqual(['session.closed', 'session.refused']);
  });

  it('is not enough for a store that compares loosely', async () => {
    const token = server.openSession();
    const [stored] = server.sessions.sessions.values();
    const other = `vgs_${'o'.repeat(43)}`;
    if (stored !== undefined) server.sessions.sessions.set(hashToken(other), stored);
    expect((await read(other)).status).toBe(401);
    expect((await read(token)).status).toBe(200);
  });

  it.each([
    [undefined, 'authentication_required'],
    ['Basic dXNlcjpwYXNz', 'authentication_required'],
    ['Bearer', 'authentication_required'],
    ['Bearer  vgs_x', 'authentication_required'],
    ['Bearer vgs_short', 'session_invalid'],
    [`Bearer vgt_${'L'.repeat(43)}`, 'session_invalid'],
  ])('is demanded: Authorization %j is %s', async (authorization, code) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await server.call({ path: '/v1/events', headers });
    expect(problemIn(answer)).toMatchObject({ status: 401, code });
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="vouchgate"/);
  });
});

describe('failed attempts', () => {
  it('make their address wait, before the store is asked, and spare a session that is in use', async () => {
    const token = server.openSession();
    await server.call({ path: '/v1/leases', token });
    const unknown = { path: '/v1/leases', token: `vgs_${'x'.repeat(43)}` };
    for (let index = 0; index < 10; index += 1) expect((await server.call(unknown)).status).toBe(401);
    const { reads } = server.sessions;
    const answer = await server.call(unknown);
    expect(problemIn(answer)).toMatchObject({ status: 429, code: 'too_many_failures' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await redeem(await addLink())).status).toBe(429);
    expect(server.sessions.reads).toBe(reads);
    expect((await server.call({ path: '/v1/leases', token })).status).toBe(200);
    server.time.nowMs += 60_000;
    expect((await redeem(await addLink())).status).toBe(201);
  });

  it('of strangers cannot fill the record', async () => {
    const patient = await startTestServer({ limits: { failuresMax: 1_000 } });
    try {
      for (let index = 0; index < 70; index += 1) {
        await patient.call({ path: '/v1/sessions', json: { link: 'vgl_no' } });
      }
      expect(patient.events.recorded).toHaveLength(60);
      patient.time.nowMs += 60_000;
      await patient.call({ path: '/v1/sessions', json: { link: 'vgl_no' } });
      expect(patient.events.recorded).toHaveLength(61);
    } finally {
      await patient.close();
    }
  });
});
