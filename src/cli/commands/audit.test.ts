import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Event } from '#api/event.ts';
import { FakeVouchgate, SESSION_TOKEN } from '../testing/fake-vouchgate.ts';
import { runCli } from '../testing/run-cli.ts';
import { spawnCli } from '../testing/spawn-cli.ts';

let fake: FakeVouchgate;
beforeEach(async () => {
  fake = await new FakeVouchgate().listen();
});
afterEach(async () => {
  await fake.close();
});

function person(): Record<string, string> {
  return { VOUCHGATE_URL: fake.url, VOUCHGATE_SESSION_TOKEN: SESSION_TOKEN };
}

function event(sequence: number, type: string, body: Record<string, unknown> = {}): Event {
  return {
    id: `evt_${sequence}`,
    sequence,
    time: '2026-11-23T00:00:00.000Z',
    type,
    actor: { kind: 'workload', id: 'github/456789' },
    decision: 'dec_1',
    resource: 'shop-db',
    body,
  };
}

describe('the record', () => {
  it('is printed newest last, by type', async () => {
    fake.events.push(event(1, 'decision.denied'), event(2, 'lease.revoked'), event(3, 'decision.denied'));
    const { stdout } = await runCli(['audit', 'list', '--type', 'decision.denied', '--format', 'json'], {
      env: person(),
    });
    const sequences = stdout
      .trim()
      .split('\n')
      .map((line) => Event.parse(JSON.parse(line)).sequence);
    expect(sequences).toEqual([1, 3]);
    expect((await runCli(['audit', 'list', '--limit', '0'], { env: person() })).code).toBe(2);
  });

  it.each([['list --follow'], ['tail']])(
    'is followed by %s: what comes is printed as it comes, once',
    async (how) => {
      fake.events.push(event(1, 'server.started', { configuration: 'applied' }));
      const cli = spawnCli(['audit', ...how.split(' ')], person());
      await cli.shown('server started');
      fake.events.push(event(2, 'decision.denied', { denial: { code: 'no_permit' } }));
      await cli.shown('DENIED: shop-db');
      fake.events.push(event(3, 'lease.revoked'));
      await cli.shown('revoked: shop-db by the job');
      cli.kill('SIGINT');
      const { signal, stdout } = await cli.end;
      expect(signal).toBe('SIGINT');
      expect(stdout).toMatchInlineSnapshot(`
      "2026-11-23 (UTC)
      00:00:00  server started: github/456789
                configuration applied               dec_1
      00:00:00  DENIED: shop-db to github/456789
                no_permit                           dec_1
      00:00:00  revoked: shop-db by the job         dec_1
      "
    `);
    },
  );

  it('tells the story of a decision', async () => {
    const facts = [{ name: 'principal.ref.full', expected: 'refs/heads/main' }];
    fake.decision = {
      id: 'dec_1',
      outcome: 'denied',
      policies: [],
      policyVersion: 'abc',
      events: [
        event(1, 'decision.denied', {
          identity: {
            platform: 'github-actions',
            project: { path: 'acme/shop', id: '456789' },
            trigger: 'push',
          },
          policy: { version: 'abc', determining: [] },
          denial: { code: 'no_permit', message: 'No policy permits this.', facts },
        }),
      ],
    };
    const { code, stdout } = await runCli(['explain', 'dec_1'], { env: person() });
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "dec_1: denied
        2026-11-23 00:00:00Z  acme/shop asked for shop-db

      Who asked
        platform  github-actions
        project   acme/shop (id 456789)
        trigger   push

      Why not
        No policy permits this. [no_permit]
        fact                expected         received
        principal.ref.full  refs/heads/main  (absent)

      Policies
        decided by  no policy: what is not permitted is denied
        version     abc

      What happened
        2026-11-23 (UTC)
        00:00:00  DENIED: shop-db to acme/shop, no_permit
      "
    `);
    expect((await runCli(['explain', 'dec_2'], { env: person() })).code).toBe(1);
  });
});
