import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreError } from '#core/store-error.ts';
import type { ExchangeDenialCode, ExchangeResult } from './exchange.ts';
import { createFaultPlan } from './testing/fault-plan.ts';
import { allow, ask, createHolderKey, createWorld, deny, type World } from './testing/world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function codeOf(result: ExchangeResult): ExchangeDenialCode | 'issued' {
  return result.outcome === 'denied' ? result.denial.code : 'issued';
}

function issuedOf(result: ExchangeResult) {
  if (result.outcome === 'denied') throw new Error(`denied: ${result.denial.code}`);
  return result.issued;
}

async function typesOf(world: World): Promise<string[]> {
  const events = await world.storage.events.list({ afterSequence: -1, limit: 1_000 });
  return events.map(({ type }) => type);
}

describe('an exchange', () => {
  test('records the intent, the credential, and gives both under one decision', async () => {
    const world = createWorld();
    const issued = issuedOf(await world.server().broker.exchange(ask({ ttlSeconds: 90 })));
    expect(await typesOf(world)).toEqual(['decision.allowed', 'credential.issued']);
    expect(issued.lease).toMatchObject({ state: 'active', decision: issued.decision, holder: undefined });
    expect(issued.credential.expiresAtMs).toBe(world.clock.nowMs() + 90_000);
    expect(JSON.stringify(await world.storage.events.list({ limit: 10 }))).not.toContain('secret-');
  });

  test('mints in one transaction, under one event', async () => {
    const world = createWorld();
    const issued = issuedOf(await world.server().broker.exchange(ask({ target: { name: 'registry' } })));
    expect(await typesOf(world)).toEqual(['decision.issued']);
    expect(issued.renewable).toBe(false);
  });

  test('finds a resource by its URI, and caps what is asked for', async () => {
    const world = createWorld();
    const target = { uri: 'https://shop-db.acme.example/' };
    const issued = issuedOf(await world.server().broker.exchange(ask({ target, ttlSeconds: 86_400 })));
    expect(issued.lease).toMatchObject({ resource: 'shop-db', expiresAtMs: world.clock.nowMs() + 1_800_000 });
  });

  const denials: [ExchangeDenialCode, (world: World) => Parameters<typeof ask>[0]][] = [
    ['token_malformed', () => ({ token: 'nonsense' })],
    ['resource_unknown', () => ({ target: { name: 'shop-dc' } })],
    ['resource_unknown', () => ({ target: { uri: 'https://elsewhere.example/' } })],
    ['proof_invalid', () => ({ proof: 'nonsense' })],
    ['proof_required', () => ({ target: { name: 'guarded' } })],
    ['no_permit', (world) => ((world.decide = () => deny('no_permit')), {})],
    ['forbidden', (world) => ((world.decide = () => deny('forbidden')), {})],
    ['evaluation_error', (world) => ((world.decide = () => deny('evaluation_error')), {})],
    ['configuration_missing', (world) => ((world.isConfigured = false), {})],
  ];
  test.each(denials)('is denied with %s, on record, and makes nothing', async (code, prepare) => {
    const world = createWorld();
    const options = prepare(world);
    const result = await world.server().broker.exchange(ask(options));
    expect(codeOf(result)).toBe(code);
    const [event] = await world.storage.events.list({ limit: 10 });
    expect(event).toMatchObject({ type: 'decision.denied', body: { denial: { code } } });
    expect(result).toMatchObject({
      decision: event?.decision,
      denial: { remedy: expect.stringMatching(/./u) },
    });
    expect(await world.storage.broker.leases({ limit: 10 })).toEqual([]);
    expect(world.backend.live.size).toBe(0);
  });

  test('that the back-end fails is on record once, as allowed and failed, and never as denied', async () => {
    for (const [trouble, code] of [
      ['refuses', 'backend_refused'],
      ['unavailable', 'backend_unavailable'],
    ] as const) {
      const world = createWorld();
      world.backend.trouble = trouble;
      const result = await world.server().broker.exchange(ask());
      expect(codeOf(result)).toBe(code);
      expect(await typesOf(world)).toEqual(['decision.allowed', 'credential.failed']);
      expect(result).toMatchObject({ decision: expect.stringMatching(/^dec_/u) });
    }
  });

  test('does not wait for a back-end that ignores its signal', async () => {
    const world = createWorld();
    world.backend.trouble = 'hangs';
    const result = world.server().broker.exchange(ask());
    await vi.advanceTimersByTimeAsync(15_000);
    expect(codeOf(await result)).toBe('backend_unavailable');
  });

  test('is denied, not answered, when the store fails at any step', async () => {
    for (const target of ['shop-db', 'registry', 'cloud']) {
      for (let step = 0; step < 3; step += 1) {
        const world = createWorld();
        const server = world.server(createFaultPlan({ step, mode: 'fail' }));
        const result = await server.broker.exchange(ask({ target: { name: target } }));
        const broken = server.faults.steps[step];
        if (broken?.startsWith('store.')) expect(codeOf(result)).toBe('store_unavailable');
        if (broken === 'store.transition' && target === 'shop-db') {
          expect(world.backend.issued).toBe(1);
          expect(world.backend.live.size).toBe(0);
        }
      }
    }
  });

  test('a policy engine that throws gives nothing', async () => {
    const world = createWorld();
    world.decide = () => {
      throw new StoreError('store_corrupt', 'a bug');
    };
    await expect(world.server().broker.exchange(ask())).rejects.toThrow('a bug');
    expect(await world.storage.broker.leases({ limit: 10 })).toEqual([]);
  });
});

describe('a token', () => {
  test('is good for one exchange, for one of many at once', async () => {
    for (const token of ['job-1', 'job-1/nojti']) {
      const world = createWorld();
      const [one, other] = [world.server(), world.server()];
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? one : other).broker.exchange(ask({ token }))),
      );
      const codes = results.map(codeOf);
      expect(codes.filter((code) => code === 'issued')).toHaveLength(1);
      expect(codes.filter((code) => code === 'token_replayed')).toHaveLength(19);
      expect(world.backend.issued).toBe(1);
    }
  });

  test('that was used by a bearer is no good to a prover, nor to another key', async () => {
    const world = createWorld();
    const { broker } = world.server();
    const [mine, theirs] = [createHolderKey(world), createHolderKey(world)];
    issuedOf(await broker.exchange(ask({ token: 'job-1' })));
    expect(codeOf(await broker.exchange(ask({ token: 'job-1', key: mine })))).toBe('token_replayed');
    issuedOf(await broker.exchange(ask({ token: 'job-2', key: mine })));
    expect(codeOf(await broker.exchange(ask({ token: 'job-2', key: theirs })))).toBe('token_replayed');
    expect(codeOf(await broker.exchange(ask({ token: 'job-2' })))).toBe('token_replayed');
  });

  test('opens several resources to the one who proves the same key', async () => {
    const world = createWorld();
    const { broker } = world.server();
    const key = createHolderKey(world);
    for (const name of ['shop-db', 'shop-db-2', 'guarded', 'registry']) {
      expect(codeOf(await broker.exchange(ask({ key, target: { name } })))).toBe('issued');
    }
    expect(await world.storage.broker.leases({ limit: 10 })).toHaveLength(4);
  });

  test('with a proof that was seen gives nothing, be the token new', async () => {
    const world = createWorld();
    const { broker } = world.server();
    const { proof } = ask({ key: createHolderKey(world) });
    const again = { proof: proof?.jwt ?? '' };
    issuedOf(await broker.exchange(ask({ token: 'job-1', ...again })));
    expect(codeOf(await broker.exchange(ask({ token: 'job-2', ...again })))).toBe('proof_replayed');
  });
});

describe('the same request by the same holder', () => {
  test.each(['shop-db', 'registry'])('gets the same lease of %s again', async (name) => {
    const world = createWorld();
    const { broker } = world.server();
    const key = createHolderKey(world);
    const first = issuedOf(await broker.exchange(ask({ key, target: { name } })));
    world.clock.advance(1_000);
    const second = issuedOf(await broker.exchange(ask({ key, target: { name } })));
    expect(second.lease.id).toBe(first.lease.id);
    expect(second.leaseToken).toBe(first.leaseToken);
    expect(second.credential.expiresAtMs).toBe(first.credential.expiresAtMs);
    expect(await typesOf(world)).toContain('credential.reissued');
    expect(await world.storage.broker.lease(first.lease.id)).toMatchObject({
      state: 'active',
      dueAtMs: first.lease.expiresAtMs,
    });
  });

  test('waits while the first is under way, and two retries never work at once', async () => {
    const world = createWorld();
    const { broker } = world.server();
    const key = createHolderKey(world);
    let open = (): void => {};
    world.backend.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = broker.exchange(ask({ key }));
    await vi.advanceTimersByTimeAsync(10);
    expect(codeOf(await broker.exchange(ask({ key })))).toBe('exchange_in_progress');
    open();
    issuedOf(await first);
    const retries = await Promise.all([broker.exchange(ask({ key })), broker.exchange(ask({ key }))]);
    expect(retries.map(codeOf).sort()).toEqual(['exchange_in_progress', 'issued']);
  });

  test('is refused after the lease was revoked, expired, or the policy changed', async () => {
    const world = createWorld();
    const { broker } = world.server();
    const key = createHolderKey(world);
    const { lease } = issuedOf(await broker.exchange(ask({ key, token: 'job-1' })));
    world.decide = () => deny('no_permit');
    expect(codeOf(await broker.exchange(ask({ key, token: 'job-1' })))).toBe('no_permit');
    world.decide = () => allow;
    await broker.revokeLease(lease.id, { person: 'ann' });
    expect(codeOf(await broker.exchange(ask({ key, token: 'job-1' })))).toBe('token_replayed');
    issuedOf(await broker.exchange(ask({ key, token: 'job-2', ttlSeconds: 60 })));
    world.clock.advance(60_000);
    expect(codeOf(await broker.exchange(ask({ key, token: 'job-2' })))).toBe('token_replayed');
  });

  test('keeps what was issued at first when the back-end fails, and can be made again', async () => {
    const world = createWorld();
    const { broker } = world.server();
    const key = createHolderKey(world);
    const { lease } = issuedOf(await broker.exchange(ask({ key })));
    world.backend.trouble = 'unavailable';
    expect(codeOf(await broker.exchange(ask({ key })))).toBe('backend_unavailable');
    expect(await world.storage.broker.lease(lease.id)).toMatchObject({ state: 'active' });
    world.backend.trouble = undefined;
    expect(codeOf(await broker.exchange(ask({ key })))).toBe('issued');
  });

  test('leaves nothing behind when the lease is revoked while the back-end works on it', async () => {
    const world = createWorld();
    const { broker } = world.server();
    const key = createHolderKey(world);
    const { lease } = issuedOf(await broker.exchange(ask({ key })));
    let open = (): void => {};
    world.backend.gate = new Promise((resolve) => {
      open = resolve;
    });
    const retry = broker.exchange(ask({ key }));
    await vi.advanceTimersByTimeAsync(10);
    await broker.revokeLease(lease.id, { person: 'ann' });
    expect(world.backend.live.size).toBe(0);
    open();
    expect(codeOf(await retry)).toBe('token_replayed');
    expect(world.backend.live.size).toBe(0);
  });
});
