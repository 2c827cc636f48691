import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#core/ids.ts';
import { problemIn, startTestServer, type TestServer, valueOf } from '../server.fake.ts';
import { exampleFiles, shopJob } from './access-example.fake.ts';

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  await server.access.use(exampleFiles);
  token = server.openSession();
});
afterEach(() => server.close());

const simulate = (json: object, by = token) => server.call({ path: '/v1/simulate', token: by, json });

async function record(identity: unknown): Promise<string> {
  const decision = newId('dec', server.clock);
  await server.events.append([
    {
      id: newId('evt', server.clock),
      timeMs: server.time.nowMs,
      type: 'decision.denied',
      actor: { kind: 'workload', id: 'github/x' },
      decision,
      resource: 'registry',
      body: identity === undefined ? {} : { identity },
    },
  ]);
  return decision;
}

describe('a simulation of a recorded run', () => {
  it('takes the identity as it was, and the resource that it asked for unless told otherwise', async () => {
    const decision = await record(shopJob);
    const value = valueOf('simulateDecision', await simulate({ decision }));
    expect(value).toMatchObject({
      identity: { subject: shopJob.subject },
      resource: 'registry',
      recorded: { decision, outcome: 'denied' },
      frozen: null,
    });
    const other = valueOf('simulateDecision', await simulate({ decision, resource: 'archive' }));
    expect(other.resource).toBe('archive');
  });

  it('says what is frozen, whatever the policies say', async () => {
    const decision = await record(shopJob);
    const freeze = { target: { kind: 'repository', name: 'acme/shop' }, reason: 'stolen' };
    valueOf('createFreeze', await server.call({ path: '/v1/freezes', token, json: freeze }));
    expect(valueOf('simulateDecision', await simulate({ decision })).frozen?.reason).toBe('stolen');
  });

  it('knows no run outside of what the caller may see', async () => {
    const decision = await record({ ...shopJob, project: { id: '9', path: 'globex/x' } });
    const developer = server.openSessionAs('shop-devs');
    expect(problemIn(await simulate({ decision }, developer)).code).toBe('decision_unknown');
    const own = await record(shopJob);
    expect(valueOf('simulateDecision', await simulate({ decision: own }, developer)).recorded).not.toBeNull();
  });

  it('is refused where nobody was recorded, or nothing', async () => {
    expect(problemIn(await simulate({ decision: await record(undefined) })).code).toBe('request_invalid');
    expect(problemIn(await simulate({ decision: 'dec_01JBTXQ4G6M7W8Z9V0R2K3N5PA' })).code).toBe(
      'decision_unknown',
    );
    expect(problemIn(await simulate({ decision: '../x' })).code).toBe('decision_unknown');
  });
});
