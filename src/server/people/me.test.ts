import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemIn, startTestServer, type TestServer, valueOf } from '../server.fake.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

describe('what a server tells of itself', () => {
  it('is its version, its address and what jobs name as audience', async () => {
    const answer = await server.call({ path: '/v1/about', token: server.openSessionAs('auditor') });
    expect(valueOf('getAbout', answer)).toMatchObject({
      version: '1.2.3',
      publicUrl: 'https://vouchgate.acme.example',
      store: 'ready',
    });
  });

  it('says when nothing can be written', async () => {
    const failing = await startTestServer({ readiness: () => Promise.reject(new Error('disk')) });
    try {
      const answer = await failing.call({ path: '/v1/about', token: failing.openSession() });
      expect(valueOf('getAbout', answer).store).toBe('failing');
    } finally {
      await failing.close();
    }
  });
});

describe('the roles', () => {
  it('are shown with what they allow, who has them, and where', async () => {
    const answer = await server.call({ path: '/v1/roles', token: server.openSessionAs('auditor') });
    const { roles, assignments, teams, signIn } = valueOf('getRoles', answer);
    expect(roles.find(({ role }) => role === 'approver')).toEqual({
      role: 'approver',
      actions: ['own', 'view', 'approve'],
      actionsInTeam: ['own', 'view'],
    });
    expect(assignments).toContainEqual({
      role: 'developer',
      team: 'shop',
      groups: ['shop-devs'],
      subjects: [],
    });
    expect(teams).toEqual([{ name: 'shop', repositories: ['acme/shop', 'acme/shop-deploy'] }]);
    expect(signIn).toEqual({ name: 'Acme', issuer: 'https://login.acme.example' });
  });

  it('and the configuration are not for those who see only some repositories', async () => {
    const token = server.openSessionAs('shop-devs');
    for (const path of ['/v1/roles', '/v1/configuration']) {
      expect(problemIn(await server.call({ path, token }))).toMatchObject({
        status: 403,
        code: 'access_denied',
      });
    }
    expect((await server.call({ path: '/v1/about', token })).status).toBe(200);
  });
});
