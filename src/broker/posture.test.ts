import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccessRequest, PolicyDecision } from '#policy/access-request.ts';
import type { ExchangeDenial } from './exchange.ts';
import { failedPosture, findingExample, postureExample } from './testing/posture-example.ts';
import { allow, ask, createWorld, deny, type World } from './testing/world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** As the engine decides and explains a permit that demands a good grade. */
function demandPass({ context: { posture } }: AccessRequest): PolicyDecision {
  if (posture?.known === true && posture.posture.grade === 'pass') return allow;
  const received = posture?.known === true ? posture.posture.grade : `unknown: ${posture?.reason}`;
  const facts = [
    { name: 'policy', expected: 'applies', received: 'p does not apply' },
    { name: 'context.posture.grade', expected: 'pass', received },
  ];
  return { outcome: 'deny', reason: 'no_permit', determining: [], facts, policyVersion: 'v1' };
}

async function denialOf(world: World): Promise<ExchangeDenial> {
  const result = await world.server().broker.exchange(ask());
  if (result.outcome !== 'denied') throw new Error('issued');
  return result.denial;
}

async function recorded(world: World): Promise<Record<string, unknown> | undefined> {
  const [event] = await world.storage.events.list({ limit: 1 });
  return event?.body;
}

function worldWith(posture: World['posture']): World {
  const world = createWorld();
  world.posture = posture;
  world.decide = demandPass;
  return world;
}

describe('a policy that demands a posture', () => {
  test('is asked with it, and the decision keeps what it saw', async () => {
    const world = worldWith(() => postureExample());
    expect(await world.server().broker.exchange(ask())).toMatchObject({ outcome: 'issued' });
    const events = await world.storage.events.list({ types: ['decision.allowed'], limit: 1 });
    expect(events[0]?.body['posture']).toMatchObject({
      known: true,
      facts: { grade: 'pass', workflowDigest: 'sha256:0' },
      commit: findingExample.commit,
      policyDigest: 'sha256:p',
    });
  });

  test('denies a bad pipeline, and says what to mend where', async () => {
    const world = worldWith(failedPosture);
    expect(await denialOf(world)).toMatchObject({
      code: 'posture_failed',
      retryable: false,
      message: expect.stringContaining('unsafe-checkout at .github/workflows/deploy.yml:12'),
      remedy: expect.stringContaining('Check out the base branch'),
      facts: [
        {
          name: 'posture.finding',
          received:
            'unsafe-checkout (critical) .github/workflows/deploy.yml:12 at 9f31a7f09f31: Code of a pull request runs with secrets.',
        },
        { name: 'policy' },
        { name: 'context.posture.grade', expected: 'pass', received: 'fail' },
      ],
    });
    expect(await recorded(world)).toMatchObject({
      posture: { facts: { critical: 1 }, findings: [{ file: findingExample.file, line: 12 }] },
      denial: { code: 'posture_failed' },
    });
  });

  test.each([true, false])('denies what is not known, and says why (retryable: %s)', async (retryable) => {
    const world = worldWith(() => ({ known: false, reason: 'the mirror has no such commit', retryable }));
    expect(await denialOf(world)).toMatchObject({
      code: 'posture_unknown',
      retryable,
      facts: [
        { name: 'posture', expected: 'known', received: 'unknown: the mirror has no such commit' },
        { name: 'policy' },
        { name: 'context.posture.grade', received: 'unknown: the mirror has no such commit' },
      ],
    });
    expect(await recorded(world)).toMatchObject({ posture: { known: false } });
  });

  test('denies when the inspection itself breaks', async () => {
    const world = worldWith(() => {
      throw new Error('bug');
    });
    expect(await denialOf(world)).toMatchObject({ code: 'posture_unknown', retryable: true });
  });

  test('is not blamed where something else is missing, too', async () => {
    const world = worldWith(failedPosture);
    world.decide = (request) => {
      const decision = demandPass(request);
      if (decision.outcome === 'allow') return decision;
      const ref = { name: 'principal.ref.full', expected: 'refs/heads/main', received: 'refs/heads/x' };
      return { ...decision, facts: [...decision.facts, ref] };
    };
    const denial = await denialOf(world);
    expect(denial.code).toBe('no_permit');
    expect(denial.facts.map(({ name }) => name)).toContain('posture.finding');
  });

  test('sees at a renewal what was recorded, as old as it is by then', async () => {
    const world = worldWith(() => postureExample({ inspectedAtMs: world.clock.nowMs() }));
    const server = world.server();
    const result = await server.broker.exchange(ask());
    if (result.outcome === 'denied') throw new Error('denied');
    const { lease, leaseToken } = result.issued;
    world.clock.advance(100_000);
    const ages: unknown[] = [];
    world.decide = ({ context: { posture } }) => {
      ages.push(posture?.known === true ? posture.posture.ageSeconds : 'unknown');
      return posture?.known === true && posture.posture.ageSeconds < 150 ? allow : deny('forbidden');
    };
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({ ok: true });
    world.clock.advance(100_000);
    expect(await server.broker.renewLease(lease.id, { leaseToken })).toMatchObject({ code: 'access_denied' });
    expect(ages).toEqual([100, 200]);
  });
});

test('no policy on posture: nobody is asked, and nothing is recorded of it', async () => {
  const world = createWorld();
  expect(await world.server().broker.exchange(ask())).toMatchObject({ outcome: 'issued' });
  const events = await world.storage.events.list({ types: ['decision.allowed'], limit: 1 });
  expect(events[0]?.body).not.toHaveProperty('posture');
});

test('a simulation tells the findings, too', async () => {
  const world = worldWith(failedPosture);
  const { decision } = await world.server().broker.simulate({ token: 'job-1' }, 'shop-db');
  expect(decision).toMatchObject({
    outcome: 'deny',
    facts: [{ name: 'posture.finding' }, { name: 'policy' }, { received: 'fail' }],
  });
});

describe('an inspection that is asked for alone', () => {
  test('is for those whom a policy serves', async () => {
    const world = worldWith(failedPosture);
    expect(await world.server().broker.inspect('job-1')).toMatchObject({ value: { known: true } });
    world.posture = undefined;
    world.decide = () => deny('no_permit');
    expect(await world.server().broker.inspect('job-2')).toMatchObject({
      value: { known: false, reason: expect.stringContaining('no policy of this server') },
    });
  });

  test('needs a token, and a source', async () => {
    const world = createWorld();
    expect(await world.server().broker.inspect('nonsense')).toMatchObject({ ok: false });
    expect(await world.server().broker.inspect('job-1')).toMatchObject({
      value: { known: false, reason: expect.stringContaining('vouchgate.yaml') },
    });
  });
});

test('what is told and recorded is bounded and printable', async () => {
  const hostile = {
    ...findingExample,
    message: `\u001b[2J${'x'.repeat(10_000)}`,
    remedy: 'y'.repeat(10_000),
  };
  const findings = Array.from({ length: 500 }, () => hostile);
  const bad = failedPosture();
  const world = worldWith(() => (bad.known ? { known: true, posture: { ...bad.posture, findings } } : bad));
  const denial = await denialOf(world);
  expect(JSON.stringify(denial).length).toBeLessThan(5_000);
  expect(JSON.stringify(denial)).not.toContain(String.raw`\u001b`);
  expect(JSON.stringify(await recorded(world)).length).toBeLessThan(12_000);
});
