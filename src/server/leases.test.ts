import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LEASE_TOKEN, leaseExample, NOW_MS } from './broker.fake.ts';
import { problemIn, startTestServer, valueOf, type TestServer } from './server.fake.ts';

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  token = server.openSession();
});
afterEach(() => server.close());

const id = leaseExample().id;
const idOf = (index: number) => `lse_01JBTXQ4G6M7W8Z9V0R2K3N5${String(index).padStart(2, '0')}`;
const list = async (query: string) =>
  valueOf('listLeases', await server.call({ path: `/v1/leases${query}`, token }));

describe('leases', () => {
  it('are shown without anything secret, with moments for people', async () => {
    const { leases, next } = await list('');
    expect(next).toBe(null);
    expect(leases).toMatchObject([
      {
        id,
        state: 'active',
        handle: { role: 'vg_shop_01' },
        expiresAt: '2026-06-01T12:15:00.000Z',
        endedAt: null,
      },
    ]);
    expect(leases[0]).not.toHaveProperty('dueAtMs');
  });

  it('that need no revocation are expired once their time has passed, also to the filter', async () => {
    server.broker.leaseRows = [
      leaseExample({ id: idOf(1), revocable: false }),
      leaseExample({ id: idOf(2), revocable: false, expiresAtMs: NOW_MS }),
      leaseExample({ id: idOf(3), revocable: true, expiresAtMs: NOW_MS }),
      leaseExample({ id: idOf(4), state: 'expired' }),
    ];
    const ids = async (query: string) => (await list(query)).leases.map((lease) => lease.id);
    expect((await list('')).leases.map(({ state }) => state)).toEqual([
      'expired',
      'active',
      'expired',
      'active',
    ]);
    expect(await ids('?state=expired')).toEqual([idOf(4), idOf(2)]);
    expect(await ids('?state=active')).toEqual([idOf(3), idOf(1)]);
    expect(await ids('?state=active,expired')).toHaveLength(4);
    expect(valueOf('getLease', await server.call({ path: `/v1/leases/${idOf(2)}`, token })).state).toBe(
      'expired',
    );
  });

  it('come in pages that meet without a gap, also where the filter drops most', async () => {
    server.broker.leaseRows = Array.from({ length: 30 }, (_, index) =>
      leaseExample({ id: idOf(index), revocable: false, expiresAtMs: index % 5 === 0 ? NOW_MS : NOW_MS + 1 }),
    );
    for (const query of ['?limit=4', '?limit=2&state=expired', '?limit=7&state=active']) {
      const whole = (await list(query.replace(/limit=\d+/, 'limit=1000'))).leases;
      const paged = [];
      let page = await list(query);
      paged.push(...page.leases);
      while (page.next !== null) {
        page = await list(`${query}&before=${page.next}`);
        paged.push(...page.leases);
      }
      expect(paged).toEqual(whole);
    }
  });

  it.each([
    '?limit=0',
    '?limit=1001',
    '?limit=x',
    '?state=alive',
    '?before=x',
    '?unknown=1',
    '?state=',
    '?resource=%C2%9B',
  ])('are not listed for %s', async (query) => {
    const answer = await server.call({ path: `/v1/leases${query}`, token });
    expect(problemIn(answer)).toMatchObject({ status: 400, code: 'request_invalid' });
  });

  it.each(['?limit=1&limit=2', '?resource=%00', '?resource=%zz'])(
    'are not listed for the malformed %s',
    async (query) => {
      const answer = await server.call({ path: `/v1/leases${query}`, token });
      expect(problemIn(answer)).toMatchObject({ status: 400, code: 'request_malformed' });
    },
  );

  it.each(['nothing', 'dec_01JBTXQ4G6M7W8Z9V0R2K3N5PA', idOf(99), '%00', '..'])(
    'have none with the id %s',
    async (name) => {
      const answer = await server.call({ path: `/v1/leases/${name}`, token });
      expect(answer.status).toBe(404);
      problemIn(answer);
    },
  );
});

const attemptWithWrongToken = () =>
  server.call({ method: 'POST', path: `/v1/leases/${id}/revoke`, token: `vgt_${'X'.repeat(43)}` });

describe('renewing and revoking', () => {
  it('is done by the holder with the token of the lease', async () => {
    const renewed = await server.call({ method: 'POST', path: `/v1/leases/${id}/renew`, token: LEASE_TOKEN });
    expect(valueOf('renewLease', renewed).expiresAt).toBe('2026-06-01T12:30:00.000Z');
    const revoked = await server.call({
      method: 'POST',
      path: `/v1/leases/${id}/revoke`,
      token: LEASE_TOKEN,
    });
    expect(valueOf('revokeLease', revoked)).toMatchObject({ state: 'revoked', endedAt: expect.any(String) });
    expect(server.broker.authorities).toEqual([{ leaseToken: LEASE_TOKEN }, { leaseToken: LEASE_TOKEN }]);
  });

  it('is done by a person with their session', async () => {
    valueOf('revokeLease', await server.call({ method: 'POST', path: `/v1/leases/${id}/revoke`, token }));
    expect(server.broker.authorities).toEqual([{ person: 'admin' }]);
  });

  it('is refused to the holder of another lease, and no number of attempts locks the right one out', async () => {
    for (let index = 0; index < 20; index += 1) {
      const answer = await attemptWithWrongToken();
      expect(problemIn(answer)).toMatchObject({ status: 401, code: 'lease_token_invalid' });
    }
    const right = await server.call({ method: 'POST', path: `/v1/leases/${id}/revoke`, token: LEASE_TOKEN });
    expect(right.status).toBe(200);
  });

  it('is refused without a token', async () => {
    const answer = await server.call({ method: 'POST', path: `/v1/leases/${id}/revoke` });
    expect(problemIn(answer)).toMatchObject({ status: 401, code: 'authentication_required' });
  });

  it.each([
    ['lease_not_renewable', 409],
    ['lease_ended', 409],
    ['lease_expired_maximum', 409],
    ['access_denied', 403],
    ['backend_unavailable', 503],
  ] as const)('passes on %s as %i', async (code, status) => {
    server.broker.renewLease = async () => ({ ok: false, code, message: 'Because.', remedy: 'Do this.' });
    const answer = await server.call({ method: 'POST', path: `/v1/leases/${id}/renew`, token });
    expect(problemIn(answer)).toMatchObject({ status, code, detail: 'Because.', remedy: 'Do this.' });
  });
});

const revoke = (filter: object, by = token) =>
  server.call({ path: '/v1/leases/revoke', json: { filter }, token: by });

describe('revoking many', () => {
  it('takes a filter, and all only by name', async () => {
    expect(valueOf('revokeLeases', await revoke({ resource: 'shop-db' }))).toEqual({
      revoked: 1,
      pending: [],
    });
    expect(valueOf('revokeLeases', await revoke({ all: true }))).toEqual({ revoked: 1, pending: [] });
    expect(server.broker.revocations).toEqual([
      { filter: { resource: 'shop-db' }, person: 'admin' },
      { filter: {}, person: 'admin' },
    ]);
  });

  it.each([
    {},
    { states: [] },
    { resource: 'a\u0000' },
    { resource: '\ud800' },
    { other: 1 },
    { all: false },
  ])('refuses the filter %j', async (filter) => {
    expect(problemIn(await revoke(filter))).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(server.broker.revocations).toEqual([]);
  });

  it('is not for the holder of a lease', async () => {
    expect((await revoke({ all: true }, LEASE_TOKEN)).status).toBe(401);
  });
});
