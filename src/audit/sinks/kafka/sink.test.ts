import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import type { RecordedEvent } from '../../event.ts';
import { toDocument } from '../../mapping/document.ts';
import { makeEvent, ORIGIN } from '../../outbox/delivery.fake.ts';
import { openProvenLog } from '../proven-log.fake.ts';
import { describeSink } from '../sink.contract.ts';
import type { Sink, SinkBatch, SinkContext } from '../sink.ts';
import { FakeKafka } from './kafka-broker.fake.ts';
import { KafkaSettings, parseBroker } from './settings.ts';
import { sink } from './sink.ts';

describeSink({
  kind: sink,
  // What is sent again within a failure is known again by its sequence number.
  idempotent: true,
  parkedForPoison: 'one',
  refusalCode: 'kafka_topic_authorization_failed',
  open: async () => {
    const fake = await new FakeKafka().listen();
    return { receiver: fake, settings: fake.settings, secrets: fake.secrets, copy: () => fake.values() };
  },
});

const { signal } = new AbortController();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function contextOf(allowPrivateHosts: readonly string[], password = ''): SinkContext {
  return {
    clock: { nowMs: () => 1_800_000_000_000 },
    log: silentLogger,
    fetch: () => Promise.reject(new Error('Kafka is no HTTP')),
    allowPrivateHosts,
    resolveSecret: async () => new Secret(password),
    sleep: async () => {},
  };
}

async function startFake(options: { secure?: boolean; partitions?: number } = {}): Promise<FakeKafka> {
  const fake = await new FakeKafka({ secure: false, ...options }).listen();
  closers.push(() => fake.close());
  return fake;
}

async function openSink(settings: object, context: SinkContext): Promise<Sink> {
  const opened = await sink.open(sink.settings.parse(settings), context);
  closers.push(() => opened.close());
  return opened;
}

function batchOf(events: readonly RecordedEvent[], from = 0): SinkBatch {
  const documents = events.map((event, at) => {
    const index = from + at;
    const text = JSON.stringify(toDocument('vouchgate', event, { origin: ORIGIN, index }));
    return { event, index, text, bytes: Buffer.byteLength(text) };
  });
  return { origin: ORIGIN, documents, checkpoint: undefined };
}

const byWorkload = (id: string, at = 1) => makeEvent(at, { actor: { kind: 'workload', id } });
const workloads = (count: number) => Array.from({ length: count }, (_, at) => byWorkload(`github/${at}`, at));

describe('a record', () => {
  it('lies where every client puts its key, and says which event it is', async () => {
    const fake = await startFake({ partitions: 5 });
    const opened = await openSink(fake.settings, contextOf([fake.host]));
    // murmur2 of these is -790332482, -973932308 and -985981536 in the tests of Apache Kafka.
    const events = ['foobar', '21', 'a-little-bit-long-string'].map((id) => byWorkload(id));
    expect(await opened.send(batchOf(events, 7), signal)).toEqual({ settled: 3, rejected: [] });
    const keys = fake.partitions.map((partition) =>
      partition.batches().flatMap(({ records }) => records.map(({ key }) => key?.toString())),
    );
    expect(keys).toEqual([['21'], ['foobar'], ['a-little-bit-long-string'], [], []]);
    const headers = fake.partitions[1]?.batches()[0]?.records[0]?.headers.map(String);
    expect(headers).toEqual([`vouchgate-event-id,${events[0]?.id}`, 'vouchgate-log-index,7']);
  });

  it('keeps the order of each workload, whatever is refused in between', async () => {
    const fake = await startFake();
    const opened = await openSink(fake.settings, contextOf([fake.host]));
    const events = Array.from({ length: 200 }, (_, at) => byWorkload(`github/${at % 9}`, at));
    for (let from = 0; from < 200; ) {
      // Not the leader (6), and not enough replicas (19).
      fake.partitionErrors.set(from % 3, [6]).set((from + 1) % 3, [19, 19, 19, 19]);
      from += (await opened.send(batchOf(events.slice(from, from + 20), from), signal)).settled;
    }
    const order = fake.partitions.map((partition) =>
      partition.batches().flatMap(({ records }) => records.map(({ headers }) => Number(headers[1]?.[1]))),
    );
    expect(order.flat()).toHaveLength(200);
    for (const indexes of order) expect(indexes).toEqual(indexes.toSorted((one, other) => one - other));
  });

  it('from the future is not refused: a clock that was wrong parks no event', async () => {
    const fake = await startFake();
    const opened = await openSink(fake.settings, contextOf([fake.host]));
    const events = [makeEvent(1, { timeMs: 4_000_000_000_000 }), makeEvent(2, { timeMs: -5 })];
    expect(await opened.send(batchOf(events), signal)).toEqual({ settled: 2, rejected: [] });
  });
});

describe('a batch of which one partition takes nothing', () => {
  it('is settled up to there, and what the others took is not sent again', async () => {
    const fake = await startFake();
    const opened = await openSink(fake.settings, contextOf([fake.host]));
    const events = workloads(30);
    // Too few replicas, for longer than a batch is tried at once.
    fake.partitionErrors.set(1, [19, 19, 19, 19]);
    const first = await opened.send(batchOf(events), signal);
    expect(first.trouble).toMatchObject({ kind: 'retry', code: 'kafka_not_enough_replicas' });
    expect(first.settled).toBeLessThan(30);
    const taken = fake.values().length;
    expect(taken).toBeGreaterThan(first.settled);
    // As the delivery does it: one event to see whether it is there again, then the rest.
    const { settled } = first;
    expect(await opened.send(batchOf(events.slice(settled, settled + 1), settled), signal)).toMatchObject({
      settled: 1,
    });
    const rest = batchOf(events.slice(settled + 1), settled + 1);
    expect(await opened.send(rest, signal)).toEqual({ settled: rest.documents.length, rejected: [] });
    expect(new Set(fake.values()).size).toBe(30);
    expect(fake.values()).toHaveLength(30);
  });

  it('says by the code whether it is worth another try', async () => {
    const cases = [
      [10, 'split', 'kafka_message_too_large'],
      [18, 'split', 'kafka_record_list_too_large'],
      [87, 'split', 'kafka_invalid_record'],
      [32, 'split', 'kafka_invalid_timestamp'],
      [17, 'refused', 'kafka_invalid_topic_exception'],
      [44, 'refused', 'kafka_policy_violation'],
    ] as const;
    for (const [code, kind, name] of cases) {
      const fake = await startFake({ partitions: 1 });
      const opened = await openSink(fake.settings, contextOf([fake.host]));
      fake.partitionErrors.set(0, [code]);
      const { settled, trouble } = await opened.send(batchOf(workloads(2)), signal);
      expect({ settled, kind: trouble?.kind, code: trouble?.code }).toEqual({ settled: 0, kind, code: name });
      expect(await opened.send(batchOf(workloads(2)), signal)).toMatchObject({ settled: 2 });
    }
  });
});

describe('a cluster', () => {
  it('without the topic is a matter for a person, and no topic is made', async () => {
    const fake = await startFake();
    const opened = await openSink({ ...fake.settings, topic: 'other' }, contextOf([fake.host]));
    expect((await opened.send(batchOf(workloads(1)), signal)).trouble).toMatchObject({
      kind: 'refused',
      code: 'kafka_unknown_topic_or_partition',
    });
  });

  it('cannot send us to an address that was not allowed, in the clear or by a name', async () => {
    const other = await startFake();
    const [host = '', port = ''] = other.host.split(':');
    const fake = await startFake();
    for (const advertised of [
      host,
      'localhost',
      '0x7f.1',
      '169.254.169.254',
      'kafka.acme.example',
      'a/b@c',
    ]) {
      fake.advertised = { host: advertised, port: Number(port) };
      const opened = await openSink(fake.settings, contextOf([fake.host]));
      const { settled, trouble } = await opened.send(batchOf(workloads(3)), signal);
      expect({ advertised, settled, kind: trouble?.kind }).toEqual({
        advertised,
        settled: 0,
        kind: 'refused',
      });
      expect(trouble?.code).toMatch(/^fetch_(?:address|scheme)_forbidden$/);
    }
    expect(other.connections).toBe(0);
    fake.advertised = { host, port: Number(port) };
    const allowed = await openSink(fake.settings, contextOf([fake.host, other.host]));
    await allowed.send(batchOf(workloads(3)), signal);
    expect(other.connections).toBe(1);
  });

  it('is found through the first of its brokers that answers', async () => {
    const [gone, fake] = [await startFake(), await startFake()];
    await gone.close();
    const settings = { ...fake.settings, brokers: [gone.host, fake.host] };
    const opened = await openSink(settings, contextOf([gone.host, fake.host]));
    expect(await opened.send(batchOf(workloads(3)), signal)).toMatchObject({ settled: 3 });
    const alone = await openSink({ ...settings, brokers: [gone.host] }, contextOf([gone.host]));
    expect((await alone.send(batchOf(workloads(3)), signal)).trouble).toMatchObject({
      kind: 'retry',
      code: 'kafka_econnrefused',
    });
  });

  it('is trusted by its certificate only, and told the password never before', async () => {
    const fake = await startFake({ secure: true });
    const context = contextOf([fake.host], fake.secrets.KAFKA_PASSWORD);
    const untrusted = await openSink({ ...fake.settings, caFile: undefined }, context);
    expect((await untrusted.send(batchOf(workloads(1)), signal)).trouble).toMatchObject({ kind: 'refused' });
    expect(fake.requests).toEqual([]);
    const wrong = ['wrong', 'pass', 'word'].join('-');
    const stranger = await openSink(fake.settings, contextOf([fake.host], wrong));
    const { trouble } = await stranger.send(batchOf(workloads(1)), signal);
    expect(trouble).toMatchObject({ kind: 'refused', code: 'kafka_sasl_authentication_failed' });
    expect(trouble?.message).not.toContain(wrong);
    const opened = await openSink(fake.settings, context);
    expect(await opened.send(batchOf(workloads(1)), signal)).toMatchObject({ settled: 1 });
  });
});

describe('who answers in place of a broker', () => {
  const scram = {
    tls: false,
    sasl: { mechanism: 'SCRAM-SHA-256', username: 'vouchgate', password: { env: 'P' } },
  };

  it.each([
    ['makes no sense', () => 'x', 'refused'],
    ['leaves the salt out', (nonce: string) => `r=${nonce}x,i=4096`, 'retry'],
    ['says nothing', () => '', 'refused'],
    ['has another nonce', () => 'r=abc,s=c2FsdA==,i=4096', 'refused'],
    ['wants no work', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=1`, 'refused'],
    ['wants work without an end', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=2147483647`, 'refused'],
  ])('and %s while we sign in is not believed, and cannot end the process', async (_what, say, kind) => {
    const fake = await startFake();
    fake.saslAnswers.push((given) => say(/r=(.*)/.exec(given)?.[1] ?? ''));
    const opened = await openSink({ ...scram, brokers: [fake.host] }, contextOf([fake.host], 'secret'));
    const { settled, trouble } = await opened.send(batchOf(workloads(1)), signal);
    expect({ settled, kind: trouble?.kind }).toEqual({ settled: 0, kind });
    expect(trouble?.message).not.toContain('secret');
  });

  it('cannot fill the memory, answer what was not asked, or keep us', async () => {
    const answers: ((socket: Socket) => void)[] = [
      (socket) => socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1])),
      (socket) => socket.write(Buffer.from([0, 0, 0, 8, 0, 0, 0, 99, 0, 0, 0, 0])),
      (socket) => socket.write(Buffer.alloc(4_000, 0xff)),
      (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      (socket) => socket.destroy(),
    ];
    for (const answer of answers) {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => answer(socket));
        setTimeout(() => socket.destroy(), 200).unref();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closers.push(() => new Promise((resolve) => server.close(resolve)));
      const address = server.address();
      const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
      const opened = await openSink({ brokers: [host], tls: false }, contextOf([host]));
      const { settled, trouble } = await opened.send(batchOf(workloads(1)), signal);
      expect({ settled, kind: trouble?.kind }).toEqual({ settled: 0, kind: 'retry' });
    }
  });

  it('and alters what is said cannot end the process, whatever it alters', async () => {
    const fake = await startFake();
    let [random, altered] = [4_711, 0];
    const next = (below: number): number => {
      // A linear congruential generator: the same answers in every run (Knuth, MMIX, cut to 32 bits).
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((random / 2 ** 32) * below);
    };
    fake.alter = (answer) => {
      for (let count = next(4); count > 0; count -= 1) {
        altered += 1;
        answer[4 + next(answer.length - 4)] = next(256);
      }
      return answer;
    };
    for (let round = 0; round < 150; round += 1) {
      const opened = await sink.open(sink.settings.parse(fake.settings), contextOf([fake.host]));
      const { settled, rejected } = await opened.send(batchOf(workloads(4)), AbortSignal.timeout(300));
      expect([settled >= 0 && settled <= 4, rejected]).toEqual([true, []]);
      await opened.close();
    }
    expect(altered).toBeGreaterThan(300);
  });

  it('and goes on and on is cut off long before the memory is full', async () => {
    let bytes = 0;
    const server = createServer((socket) => {
      socket.on('error', () => {});
      const piece = Buffer.alloc(1_000_000);
      const goOn = (): void => {
        bytes += piece.length;
        socket.write(piece, (error) => (error === undefined || error === null ? goOn() : undefined));
      };
      socket.once('data', () => {
        socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
        goOn();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const opened = await openSink({ brokers: [host], tls: false }, contextOf([host]));
    expect(await opened.send(batchOf(workloads(1)), signal)).toMatchObject({
      settled: 0,
      trouble: { kind: 'retry' },
    });
    expect(bytes).toBeLessThan(40_000_000);
  });

  it('is left at once when the sending is stopped', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const opened = await openSink({ brokers: [host], tls: false }, contextOf([host]));
    const stop = new AbortController();
    const sending = opened.send(batchOf(workloads(1)), stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect(await sending).toMatchObject({ settled: 0, trouble: { kind: 'retry' } });
  });
});

describe('the copy', () => {
  const COUNT = 120;
  async function filled() {
    const fake = await startFake();
    const context = contextOf([fake.host]);
    const log = await openProvenLog(COUNT, (at) => ({ actor: { kind: 'workload', id: `github/${at % 7}` } }));
    const opened = await openSink(fake.settings, context);
    for (let from = 0; from < COUNT; from += 30)
      await opened.send(batchOf(log.events.slice(from, from + 30), from), signal);
    const settings = sink.settings.parse(fake.settings);
    const read = () => log.compare(sink.readCopy?.(settings, context, { from: 0, until: COUNT }) ?? none());
    return { fake, opened, log, read };
  }
  async function* none(): AsyncGenerator {}

  it('is read back whole, partition after partition', async () => {
    const { read, log, opened } = await filled();
    expect(await read()).toMatchObject({ proven: COUNT, faultsAll: 0, duplicates: 0 });
    await opened.close();
    await opened.send(batchOf(log.events.slice(0, 30)), signal);
    expect(await read()).toMatchObject({ proven: COUNT, faultsAll: 0, duplicates: 30 });
  });

  it('is read on where a partition has moved, and not read where we may not', async () => {
    const { read, fake } = await filled();
    // Not the leader, fenced, and away for a moment.
    fake.fetchErrors.push(6, 74, 0, 6, 5, 9);
    expect(await read()).toMatchObject({ proven: COUNT, faultsAll: 0, duplicates: 0 });
    fake.fetchErrors.push(0, 29);
    await expect(read()).rejects.toMatchObject({
      code: 'copy_unreadable',
      message: expect.stringContaining('TOPIC_AUTHORIZATION_FAILED'),
    });
    fake.fetchErrors.push(...Array.from({ length: 50 }, () => 6));
    await expect(read()).rejects.toMatchObject({ code: 'copy_unreadable' });
  });

  it('shows what retention has deleted, and what somebody else has put there', async () => {
    const { read, fake, log, opened } = await filled();
    const forged = batchOf(log.events.slice(3, 4), 3);
    await opened.send(
      {
        ...forged,
        documents: forged.documents.map((each) => ({
          ...each,
          text: each.text.replace('shop-db', 'shop-dc'),
        })),
      },
      signal,
    );
    const first = fake.partitions.find(({ end }) => end > 0);
    if (first === undefined) expect.fail('nothing was sent');
    first.start = first.batches()[0]?.records.length ?? 0;
    const { faults } = await read();
    expect(faults.filter(({ problem }) => problem === 'deleted')).toHaveLength(first.start);
    expect(faults.filter(({ problem }) => problem === 'added' || problem === 'altered')).toMatchObject([
      { index: 3 },
    ]);
  });

  it('of a cluster that cannot be reached is not taken for an empty one', async () => {
    const { fake, log } = await filled();
    const settings = sink.settings.parse(fake.settings);
    const guarded = sink.readCopy?.(settings, contextOf([]), { from: 0, until: COUNT }) ?? none();
    await expect(log.compare(guarded)).rejects.toMatchObject({ code: 'copy_unreadable' });
  });
});

describe('the settings', () => {
  const problemsOf = (settings: object) =>
    KafkaSettings.safeParse({ brokers: ['kafka.acme.example:9093'], ...settings }).error?.issues.map(
      ({ message }) => message,
    );

  it('show no password to whoever is on the way', () => {
    const sasl = { mechanism: 'PLAIN', username: 'a', password: { env: 'P' } };
    expect(problemsOf({ sasl })).toBeUndefined();
    expect(problemsOf({ sasl, tls: false })).toEqual([expect.stringContaining('needs TLS')]);
    expect(problemsOf({ sasl: { ...sasl, mechanism: 'SCRAM-SHA-512' }, tls: false })).toBeUndefined();
  });

  it.each([
    'kafka',
    'kafka:0',
    'kafka:70000',
    'https://kafka:9093',
    'a b:1',
    'user@kafka:1',
    ':1',
    'kafka:1:2',
  ])('know that %s is no broker', (text) => {
    expect(parseBroker(text)).toBeUndefined();
    expect(problemsOf({ brokers: [text] })).toEqual([expect.stringContaining('host:port')]);
  });

  it('read names and addresses', () => {
    expect(parseBroker('kafka-1.acme.example:9093')).toEqual({ host: 'kafka-1.acme.example', port: 9_093 });
    expect(parseBroker('[2001:db8::1]:9092')).toEqual({ host: '2001:db8::1', port: 9_092 });
  });
});
