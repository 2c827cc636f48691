import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemorySinkStore } from '#storage/memory/memory-sink-store.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { messageOf } from '#core/errors.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { createDelivery } from '../outbox/delivery.ts';
import { drain, ORIGIN } from '../outbox/delivery.fake.ts';
import type { SinkStore } from '../outbox/ports.ts';
import { SchemaName } from '../mapping/schema-name.ts';
import { openProvenLog, type ProvenLog } from './proven-log.fake.ts';
import type { FakeReceiver } from './receiver.fake.ts';
import type { SinkContext, SinkKind } from './sink.ts';

const COUNT = 70;
const POISON = 33;

/** A strict fake of a receiver, with what a sink needs to reach it. */
export interface SinkHarness {
  readonly receiver: Pick<FakeReceiver, 'host' | 'disturbances' | 'close'>;
  readonly settings: object;
  /** By the name of the environment variable that the settings refer to. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What stands in the receiver, as an export shows it. */
  copy(): readonly unknown[];
}

export interface SinkExpectation<Settings extends object> {
  readonly kind: SinkKind<Settings>;
  open(): Promise<SinkHarness>;
  /** Sent twice, an event stands there once. */
  readonly idempotent: boolean;
  /** How many events are parked for a single one that the receiver will not take. */
  readonly parkedForPoison: 'one' | 'batch' | 'none';
  /** What a request that is too large is answered with by itself; undefined where the size cannot be wrong. */
  readonly splits?: boolean;
  /** Of what is no HTTP, and so has no `Retry-After`: how it says that it does not let us in. */
  readonly refusalCode?: string;
}

/** The fakes store what a real receiver would; a poison event has a body that they refuse. */
export const POISON_MARK = 'this-is-poison';

export function isPoison(text: string): boolean {
  return text.includes(POISON_MARK);
}

async function* each(values: readonly unknown[]): AsyncGenerator {
  yield* values;
}

export function describeSink<Settings extends object>(expected: SinkExpectation<Settings>): void {
  const { kind } = expected;
  describe(`sink ${kind.id}`, () => {
    let harness: SinkHarness;
    let network: ReturnType<typeof createBoundedFetch>;
    let store: SinkStore;
    let poisoned: ProvenLog;
    let clean: ProvenLog;
    const time = { nowMs: 1_800_000_100_000 };
    const clock = { nowMs: () => time.nowMs };

    const context = (): SinkContext => ({
      clock,
      log: silentLogger,
      fetch: network.fetch,
      allowPrivateHosts: [harness.receiver.host],
      resolveSecret: async (reference) =>
        new Secret('env' in reference ? (harness.secrets[reference.env] ?? '') : ''),
      sleep: async (ms) => {
        time.nowMs += ms;
      },
    });
    const settings = () => kind.settings.parse(harness.settings);
    const openDelivery = (log: ProvenLog, schema: SchemaName = kind.schemaDefault) =>
      createDelivery({
        name: 'siem',
        server: 'one',
        origin: ORIGIN,
        schema,
        limits: { ...kind.limits, documentsMax: 16, delaySeconds: 0 },
        openSink: () => kind.open(settings(), context()),
        store,
        head: log.head,
        readLog: log.readLog,
        clock,
        log: silentLogger,
      });
    /** Until all is there, however often it fails; the clock jumps over every wait. */
    const deliver = async (log: ProvenLog, schema?: SchemaName) => {
      const delivery = openDelivery(log, schema);
      for (let round = 0; round < 40; round += 1) {
        await drain(delivery);
        time.nowMs += 3_700_000;
        if ((await store.find('siem'))?.nextIndex === COUNT) break;
      }
      await delivery.close();
      const parked = (await store.parked('siem', { limit: 1_000 })).map(({ index }) => index);
      return { cursor: await store.find('siem'), parked };
    };
    const health = async () => (await store.find('siem'))?.health;

    beforeEach(async () => {
      harness = await expected.open();
      network = createBoundedFetch({
        clock,
        log: silentLogger,
        trust: { allowPrivateHosts: [harness.receiver.host] },
      });
      store = createMemorySinkStore();
      await store.open('siem', { index: 0, sequence: 0 });
      await store.hold('siem', 'one', time.nowMs, time.nowMs + 1e12);
      clean = await openProvenLog(COUNT);
      poisoned = await openProvenLog(COUNT, (at) => (at === POISON ? { body: { text: POISON_MARK } } : {}));
    });
    afterEach(async () => {
      await network.close();
      await harness.receiver.close();
    });

    /** Every event is there and as it was recorded, or is known not to be. */
    const reconcile = async (log: ProvenLog, parked: readonly number[] = []) => {
      const found = await log.compare(each(harness.copy()), parked);
      expect(found.faults).toEqual([]);
      expect(found.proven + found.parked).toBe(COUNT);
      if (expected.idempotent) expect(found.duplicates).toBe(0);
      return found;
    };

    it.each(SchemaName.options)('has every event, once, unaltered, as %s', async (schema) => {
      expect(await deliver(clean, schema)).toMatchObject({ parked: [], cursor: { nextIndex: COUNT } });
      expect((await reconcile(clean)).duplicates).toBe(0);
    });

    it('waits as long as it is told to when the receiver is busy (429)', async () => {
      if (expected.refusalCode !== undefined) return;
      harness.receiver.disturbances.push({ status: 429, headers: { 'retry-after': '3000' } });
      await drain(openDelivery(clean));
      expect(await health()).toMatchObject({ failures: 1, lastError: { code: 'http_429' } });
      expect((await health())?.nextAttemptAtMs).toBeGreaterThanOrEqual(time.nowMs + 3_000_000);
      await deliver(clean);
      await reconcile(clean);
    });

    it('tries again after 503, a slow answer, and a connection that breaks off in the middle', async () => {
      harness.receiver.disturbances.push({ status: 503 }, 'slow', 'reset', { status: 503 });
      await deliver(clean);
      await reconcile(clean);
      expect((await health())?.lastError).toBeDefined();
    });

    it('loses nothing when an answer gets lost after the events were taken', async () => {
      harness.receiver.disturbances.push('slow', 'lost', 'slow', 'lost');
      await deliver(clean);
      await reconcile(clean);
    });

    it('sends less at once when a batch is too large (413)', async () => {
      if (expected.splits === false) return;
      harness.receiver.disturbances.push({ status: 413 }, { status: 413 });
      expect((await deliver(clean)).parked).toEqual([]);
      await reconcile(clean);
    });

    it('parks what the receiver will never take, with a reason, and goes on', async () => {
      const { parked } = await deliver(poisoned);
      if (expected.parkedForPoison === 'none') expect(parked).toEqual([]);
      if (expected.parkedForPoison === 'one') expect(parked).toEqual([POISON]);
      if (expected.parkedForPoison === 'batch') {
        expect(parked).toContain(POISON);
        expect(parked.length).toBeLessThanOrEqual(16);
      }
      await reconcile(poisoned, parked);
    });

    it('is found without anything being left there, and missed when it is away', async () => {
      const look = async () => kind.check?.(settings(), context(), new AbortController().signal);
      expect(await look()).toEqual(kind.check === undefined ? undefined : []);
      expect(harness.copy()).toEqual([]);
      await harness.receiver.close();
      const found = await look().catch((error: unknown) => [messageOf(error)]);
      if (kind.check !== undefined) expect(found).toHaveLength(1);
      for (const secret of Object.values(harness.secrets))
        expect(found?.join(' ') ?? '').not.toContain(secret);
    });

    it('says what is wrong when it is not let in, and never shows what it was let in with', async () => {
      const secrets = Object.values(harness.secrets);
      harness.receiver.disturbances.push({ status: 401, body: `no: ${secrets.join(' ')}\u001b[31m` });
      await drain(openDelivery(clean));
      const found = await health();
      expect(found).toMatchObject({
        circuit: 'open',
        lastError: { code: expected.refusalCode ?? 'http_401' },
      });
      for (const secret of secrets) expect(JSON.stringify(found)).not.toContain(secret);
      expect(found?.lastError?.message).not.toMatch(/\p{Cc}/u);
    });
  });
}
