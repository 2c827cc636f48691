import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#core/ids.ts';
import { problemIn, startTestServer, type TestServer, valueOf } from '../server.fake.ts';

const IDENTITY = {
  provider: 'github',
  platform: 'github-actions',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:acme/shop:ref:refs/heads/main',
  project: { id: '42', path: 'acme/shop' },
  ref: { full: 'refs/heads/main' },
  trigger: 'push',
  claims: {},
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function deny(resource: string, body: Record<string, unknown>): Promise<string> {
  const decision = newId('dec', server.clock);
  await server.events.append([
    {
      id: newId('evt', server.clock),
      timeMs: server.clock.nowMs(),
      type: 'decision.denied',
      actor: { kind: 'workload', id: 'github/x' },
      decision,
      resource,
      body,
    },
  ]);
  return decision;
}

const draft = (id: string, token: string) => server.call({ path: `/v1/decisions/${id}/draft-policy`, token });

describe('a drafted policy', () => {
  it('allows exactly what the run asked for, and says when there is no such resource', async () => {
    const id = await deny('Shop DB!', { identity: IDENTITY });
    const value = valueOf('draftPolicy', await draft(id, server.openSession()));
    expect(value).toMatchObject({
      resource: 'Shop DB!',
      resourceKnown: false,
      file: 'policies/shop-db.cedar',
    });
    expect(value.text).toContain('principal in Project::"github/42"');
    expect(value.text).toContain('principal.ref.full == "refs/heads/main"');
  });

  it('has a file of ours, whatever a job asks for', async () => {
    for (const name of ['../../etc/passwd', '…', 'a'.repeat(500), '.hidden', '-']) {
      const id = await deny(name, { identity: IDENTITY });
      const { file } = valueOf('draftPolicy', await draft(id, server.openSession()));
      expect(file).toMatch(/^policies\/[a-z0-9][a-z0-9-]{0,60}\.cedar$/);
    }
  });

  it('is not there for a token that was not accepted, nor for a run of another team', async () => {
    const unverified = await deny('shop-db', { reason: 'token_issuer_unknown' });
    expect(problemIn(await draft(unverified, server.openSession())).code).toBe('request_invalid');
    const other = await deny('shop-db', {
      identity: { ...IDENTITY, project: { id: '1', path: 'acme/other' } },
    });
    expect(problemIn(await draft(other, server.openSessionAs('shop-devs'))).code).toBe('decision_unknown');
    expect(problemIn(await draft('dec_nothing', server.openSession())).code).toBe('decision_unknown');
  });
});
