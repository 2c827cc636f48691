import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemIn, startTestServer, type TestServer, valueOf } from '../server.fake.ts';
import { exampleFiles } from './access-example.fake.ts';

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  await server.access.use(exampleFiles);
  await server.access.refreshFreezes();
  token = server.openSessionAs('security', { subject: 'bob' });
});
afterEach(() => server.close());

const freeze = (json: object, by = token) => server.call({ path: '/v1/freezes', token: by, json });
const registry = { target: { kind: 'resource', name: 'registry' }, reason: 'stolen token' };

describe('a freeze', () => {
  it('is listed, shown where it holds, and lifted', async () => {
    const frozen = valueOf('createFreeze', await freeze(registry));
    expect(frozen).toMatchObject({ frozenBy: 'bob', reason: 'stolen token', until: null, leases: null });
    const resources = valueOf('listResources', await server.call({ path: '/v1/resources', token }));
    expect(resources.resources.map(({ name, frozen: found }) => [name, found?.id])).toEqual([
      ['registry', frozen.id],
      ['archive', undefined],
    ]);
    const lift = () => server.call({ method: 'DELETE', path: `/v1/freezes/${frozen.id}`, token });
    valueOf('liftFreeze', await lift());
    expect(problemIn(await lift()).code).toBe('freeze_unknown');
    expect(valueOf('listFreezes', await server.call({ path: '/v1/freezes', token }))).toEqual({
      freezes: [],
    });
  });

  it('can end what is live under it, after it stands', async () => {
    const value = valueOf('createFreeze', await freeze({ ...registry, endLeases: true }));
    expect(value.leases).toEqual({ revoked: expect.any(Number), pending: expect.any(Number) });
    expect(server.broker.revocations).toMatchObject([{ filter: { resource: 'registry' }, person: 'bob' }]);
  });

  it('of a repository ends the leases of its workloads alone', async () => {
    const [lease] = server.broker.leaseRows;
    if (lease === undefined) throw new Error('no lease');
    server.broker.leaseRows = [
      { ...lease, principal: 'github/a', workload: 'acme/shop@refs/heads/main' },
      { ...lease, principal: 'github/b', workload: 'acme/shop-2@refs/heads/main' },
    ];
    const target = { kind: 'repository', name: 'acme/shop' };
    valueOf('createFreeze', await freeze({ target, reason: 'r', endLeases: true }));
    expect(server.broker.revocations.map(({ filter }) => filter)).toEqual([{ principal: 'github/a' }]);
  });

  it.each([
    [{ target: { kind: 'resource', name: 'regitsry' }, reason: 'r' }, 'freeze_target_unknown'],
    [{ target: { kind: 'identityProvider', name: 'gitlab' }, reason: 'r' }, 'freeze_target_unknown'],
    [{ ...registry, until: '2001-01-01T00:00:00.000Z' }, 'request_invalid'],
    [{ ...registry, reason: ' ' }, 'request_invalid'],
  ])('that stops nothing is refused: %o', async (json, code) => {
    expect(problemIn(await freeze(json)).code).toBe(code);
  });

  it('is for those who may manage leases everywhere', async () => {
    expect(problemIn(await freeze(registry, server.openSessionAs('developer'))).status).toBe(403);
    expect(problemIn(await freeze(registry, server.openSessionAs('auditor'))).status).toBe(403);
  });
});
