import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonAction } from '#api/action.ts';
import { PersonRole } from '#api/person.ts';
import type { Route } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { silentLogger } from '#core/log.ts';
import { createFailureThrottle } from '../failure-throttle.ts';
import { problemIn, PUBLIC_URL, startTestServer, type TestServer } from '../server.fake.ts';
import { createPeople } from './create-people.ts';

/** Written down here a second time, by hand: neither the policies nor the routes can drift alone. */
const MATRIX: Readonly<Record<PersonRole, readonly PersonAction[]>> = {
  owner: [
    'own',
    'view',
    'viewRecord',
    'triage',
    'upload',
    'propose',
    'approve',
    'manageLeases',
    'configure',
    'administer',
  ],
  security: ['own', 'view', 'viewRecord', 'triage', 'upload', 'propose', 'approve', 'manageLeases'],
  developer: ['own', 'view', 'triage', 'upload', 'propose'],
  approver: ['own', 'view', 'approve'],
  auditor: ['own', 'view', 'viewRecord'],
};

const guarded = Object.entries<Route>(routes).flatMap(([id, route]) =>
  route.auth === 'none' ? [] : [{ id, route, action: route.action }],
);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ limits: { failuresMax: 10_000 } });
});
afterAll(() => server.close());

const pathOf = (route: Route) => route.path.replaceAll(/\{\+?\w+\}/g, 'x');

describe.each(PersonRole.options)('a person with the role %s', (role) => {
  const allowed = guarded.filter(({ action }) => MATRIX[role].includes(action));
  const refused = guarded.filter(({ action }) => !MATRIX[role].includes(action));

  it(`is refused ${refused.length} routes before anything else is looked at`, async () => {
    const token = server.openSessionAs(role);
    for (const { id, route, action } of refused) {
      const answer = await server.call({ method: route.method, path: pathOf(route), token, body: 'no JSON' });
      const problem = problemIn(answer);
      expect([id, problem.status, problem.code]).toEqual([id, 403, 'action_denied']);
      const having = PersonRole.options.filter((other) => MATRIX[other].includes(action));
      expect(problem.needs).toMatchObject({ action, roles: having });
      expect(problem.needs?.ask).toContain('group owner (owner)');
    }
  });

  it(`comes in at ${allowed.length} routes, everywhere`, async () => {
    const { authenticate } = createPeople(
      { ...server, publicUrl: PUBLIC_URL, readiness: async () => {}, log: silentLogger },
      createFailureThrottle({ clock: server.clock, failuresMax: 10, failuresPerMinute: 10 }),
    );
    const token = server.openSessionAs(role);
    for (const { id, route } of allowed) {
      const headers = { authorization: `Bearer ${token}` };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what authentication reads of a request
      const request = { method: route.method, headers, rawHeaders: [] } as unknown as IncomingMessage;
      const caller = await authenticate(route, id, request, '127.0.0.1');
      expect(caller).toMatchObject(
        route.auth === 'session' ? { scope: { kind: 'all' } } : { person: `${role}-person` },
      );
    }
  });
});

describe('somebody', () => {
  it('of a team sees the repositories of the team, and does nothing that reaches beyond', async () => {
    const token = server.openSessionAs('shop-devs');
    const me = await server.call({ path: '/v1/me', token });
    const shop = { kind: 'some', patterns: ['acme/shop', 'acme/shop-deploy'] };
    expect(me.json).toMatchObject({
      grants: [{ role: 'developer', team: 'shop' }],
      actions: ['own', 'view', 'triage', 'upload'].map((action) => ({ action, scope: shop })),
    });
  });

  it('without a role, or whose role was taken away since, is refused even what is their own', async () => {
    const token = server.openSessionAs('nobody');
    const problem = problemIn(await server.call({ path: '/v1/me', token }));
    expect(problem).toMatchObject({ status: 403, code: 'action_denied' });
    expect(problem.detail).toBe('This needs `own`. You have no role.');
  });

  it('who signed in with an identity provider that is configured no more has no role', async () => {
    const token = server.openSessionAs('owner', { issuer: 'https://former.example' });
    expect(problemIn(await server.call({ path: '/v1/me', token })).code).toBe('action_denied');
  });

  it('who is refused is on record, and cannot fill it', async () => {
    const other = await startTestServer();
    try {
      const token = other.openSessionAs('developer');
      for (let index = 0; index < 70; index += 1) await other.call({ path: '/v1/events', token });
      expect(other.events.recorded).toHaveLength(60);
      expect(other.events.recorded[0]).toMatchObject({
        type: 'access.refused',
        actor: { kind: 'person', id: 'developer-person' },
        body: { action: 'viewRecord', operation: 'listEvents', roles: ['developer'], sourceIp: '127.0.0.1' },
      });
    } finally {
      await other.close();
    }
  });
});
