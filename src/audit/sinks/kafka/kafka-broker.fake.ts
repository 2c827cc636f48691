import { Reader, Writer } from '@platformatic/kafka';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { certificateExample } from '#server/certificate.fake.ts';
import type { Disturbance } from '../receiver.fake.ts';
import { FakePartition } from './kafka-partition.fake.ts';

const API = {
  produce: 0,
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  handshake: 17,
  versions: 18,
  producerId: 22,
  authenticate: 36,
};
/** One version of each, as it is the newest of them that a broker may still know in ten years. */
const VERSIONS: readonly (readonly [key: number, version: number])[] = [
  [API.produce, 9],
  [API.fetch, 12],
  [API.listOffsets, 7],
  [API.metadata, 12],
  [API.handshake, 1],
  [API.versions, 3],
  [API.producerId, 4],
  [API.authenticate, 2],
];
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const INVALID_REQUIRED_ACKS = 21;
const SASL_AUTHENTICATION_FAILED = 58;
/** What a broker says where HTTP has a status. */
const CODES: Readonly<Record<number, number>> = { 401: 29, 413: 10, 429: 89, 503: 7 };
/** A broker that is busy stays so for longer than a batch is tried at once. */
const LASTING = 4;
const SLOW_MS = 150;
const EARLIEST = -2n;
/** Little at once, so that whoever reads has to come again. */
const FETCH_BYTES = 4_000;
/** After all events of the tests. */
const NOW_MS = 1_800_000_100_000;
const NO_BYTES = Buffer.of();

const USER = 'vouchgate';

/** A cluster of one broker on loopback, strict about the protocol, which can be disturbed while records are produced. */
export class FakeKafka {
  readonly topic = 'vouchgate.audit';
  readonly partitions: readonly FakePartition[];
  readonly disturbances: Disturbance[] = [];
  /** Errors of single partitions, for the next times that each is produced to. */
  readonly partitionErrors = new Map<number, number[]>();
  readonly secrets = { KAFKA_PASSWORD: ['kafka', 'pass', 'word'].join('-') };
  /** What the next fetches are answered with. */
  readonly fetchErrors: number[] = [];
  /** Where it says that it is, when that is somewhere else. */
  advertised: { host: string; port: number } | undefined;
  /** In place of what it would say while somebody signs in. */
  readonly saslAnswers: ((given: string) => string)[] = [];
  /** What becomes of an answer on its way; its length stays what it is. */
  alter: (answer: Buffer) => Buffer = (answer) => answer;
  /** How often somebody has come. */
  connections = 0;
  requests: number[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'vouchgate-kafka-'));
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #secure: boolean;
  #producers = 0n;
  #port = 0;
  #lasting: { disturbance: Disturbance; left: number } | undefined;

  constructor({ secure = true, partitions = 3 } = {}) {
    this.#secure = secure;
    this.partitions = Array.from({ length: partitions }, () => new FakePartition());
    const { certPem, keyPem } = certificateExample();
    writeFileSync(join(this.#folder, 'ca.pem'), certPem);
    const serve = (socket: Socket) => this.#serve(socket);
    this.#server = secure ? createTlsServer({ cert: certPem, key: keyPem }, serve) : createServer(serve);
    this.#server.on('tlsClientError', () => {});
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get settings() {
    const brokers = [this.host];
    if (!this.#secure) return { brokers, tls: false };
    const sasl = { mechanism: 'PLAIN', username: USER, password: { env: 'KAFKA_PASSWORD' } };
    return { brokers, caFile: join(this.#folder, 'ca.pem'), sasl };
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  /** Every value, as whoever reads the topic sees it. */
  values(): readonly string[] {
    const batches = this.partitions.flatMap((partition) => partition.batches());
    return batches.flatMap(({ records }) => records.map(({ value }) => value?.toString() ?? ''));
  }

  async close(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    let waiting = NO_BYTES;
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    const state = { isIn: !this.#secure };
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
        const size = waiting.readInt32BE(0);
        const request = waiting.subarray(4, 4 + size);
        waiting = waiting.subarray(4 + size);
        this.#answer(request, socket, state).catch(() => socket.destroy());
      }
    });
  }

  async #answer(request: Buffer, socket: Socket, state: { isIn: boolean }): Promise<void> {
    const reader = Reader.from(request);
    const [key, version, correlation] = [reader.readInt16(), reader.readInt16(), reader.readInt32()];
    reader.readNullableString(false);
    const isOld = key === API.handshake || (key === API.versions && version < 3);
    if (!isOld) reader.readTaggedFields();
    this.requests.push(key);
    const isAllowed = state.isIn || [API.handshake, API.versions, API.authenticate].includes(key);
    if (!isAllowed) throw new Error('not before it has signed in');
    const disturbance = key === API.produce ? this.#nextDisturbance() : undefined;
    if (disturbance === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (disturbance === 'reset') throw new Error('reset');
    const writer = Writer.create().appendInt32(correlation);
    if (!isOld && key !== API.versions) writer.appendTaggedFields();
    this.#handle(key, version, reader, writer, { state, disturbance });
    if (disturbance === 'lost') throw new Error('lost');
    const { buffer } = writer.prependLength();
    socket.write(Buffer.concat([buffer.subarray(0, 4), this.alter(Buffer.from(buffer.subarray(4)))]));
  }

  #nextDisturbance(): Disturbance | undefined {
    const lasting = this.#lasting;
    if (lasting !== undefined && lasting.left > 0) {
      lasting.left -= 1;
      return lasting.disturbance;
    }
    const disturbance = this.disturbances.shift();
    const lasts =
      typeof disturbance === 'object' && (disturbance.status === 429 || disturbance.status === 503);
    if (lasts) this.#lasting = { disturbance, left: LASTING - 1 };
    return disturbance;
  }

  #handle(
    key: number,
    version: number,
    reader: Reader,
    writer: Writer,
    { state, disturbance }: { state: { isIn: boolean }; disturbance: Disturbance | undefined },
  ): void {
    if (key === API.versions) return this.#versions(version, writer);
    if (!VERSIONS.some(([known, only]) => known === key && only === version))
      throw new Error('unknown version');
    if (key === API.handshake)
      return void writer
        .appendInt16(0)
        .appendArray(['PLAIN', 'SCRAM-SHA-256'], (w, name) => w.appendString(name, false), false, false);
    if (key === API.authenticate) return this.#authenticate(reader, writer, state);
    if (key === API.metadata) return this.#metadata(reader, writer);
    if (key === API.producerId) {
      this.#producers += 1n;
      return void writer
        .appendInt32(0)
        .appendInt16(0)
        .appendInt64(this.#producers)
        .appendInt16(0)
        .appendTaggedFields();
    }
    if (key === API.listOffsets) return this.#listOffsets(reader, writer);
    if (key === API.fetch) return this.#fetch(reader, writer);
    return this.#produce(reader, writer, disturbance);
  }

  #versions(version: number, writer: Writer): void {
    const isFlexible = version >= 3;
    writer
      .appendInt16(0)
      .appendArray(
        [...VERSIONS],
        (w, [key, only]) => w.appendInt16(key).appendInt16(only).appendInt16(only),
        isFlexible,
        isFlexible,
      )
      .appendInt32(0);
    if (isFlexible) writer.appendTaggedFields();
  }

  #authenticate(reader: Reader, writer: Writer, state: { isIn: boolean }): void {
    const given = reader.readBytes().toString();
    const said = this.saslAnswers.shift()?.(given);
    state.isIn = said === undefined && given === `\0${USER}\0${this.secrets.KAFKA_PASSWORD}`;
    const code = state.isIn || said !== undefined ? 0 : SASL_AUTHENTICATION_FAILED;
    writer.appendInt16(code).appendString(code === 0 ? null : `Authentication failed for ${given}`);
    writer
      .appendBytes(Buffer.from(said ?? ''))
      .appendInt64(0n)
      .appendTaggedFields();
  }

  #metadata(reader: Reader, writer: Writer): void {
    const asked = reader.readArray((r) => {
      r.readUUID();
      return r.readNullableString();
    });
    const mayCreate = reader.readBoolean();
    if (mayCreate) throw new Error('it may not make topics');
    const { host, port } = this.advertised ?? { host: '127.0.0.1', port: this.#port };
    writer.appendInt32(0);
    writer.appendArray([1], (w, node) =>
      w.appendInt32(node).appendString(host).appendInt32(port).appendString(null),
    );
    writer.appendString('cluster').appendInt32(1);
    writer.appendArray(asked, (w, name) => {
      const isThere = name === this.topic;
      w.appendInt16(isThere ? 0 : UNKNOWN_TOPIC_OR_PARTITION)
        .appendString(name)
        .appendUUID(null)
        .appendBoolean(false);
      w.appendArray(isThere ? [...this.partitions.keys()] : [], (inner, index) => {
        inner.appendInt16(0).appendInt32(index).appendInt32(1).appendInt32(0);
        for (const nodes of [[1], [1], []])
          inner.appendArray(nodes, (each, node) => each.appendInt32(node), true, false);
      });
      w.appendInt32(-1);
    });
    writer.appendTaggedFields();
  }

  #produce(reader: Reader, writer: Writer, disturbance: Disturbance | undefined): void {
    if (reader.readNullableString() !== null) throw new Error('no transactions here');
    const acks = reader.readInt16();
    reader.readInt32();
    const topics = reader.readArray((r) => ({
      name: r.readString(),
      partitions: r.readArray((inner) => ({ index: inner.readInt32(), records: inner.readBytes() })),
    }));
    const refused = typeof disturbance === 'object' ? disturbance : undefined;
    writer.appendArray(topics, (w, { name, partitions }) => {
      w.appendString(name).appendArray(partitions, (inner, { index, records }) => {
        const partition = name === this.topic ? this.partitions[index] : undefined;
        const wanted = this.partitionErrors.get(index)?.shift();
        const refusal = acks === -1 ? (CODES[refused?.status ?? 0] ?? wanted) : INVALID_REQUIRED_ACKS;
        const code = refusal ?? partition?.append(records, NOW_MS) ?? UNKNOWN_TOPIC_OR_PARTITION;
        inner.appendInt32(index).appendInt16(code).appendInt64(0n).appendInt64(-1n).appendInt64(0n);
        inner.appendArray([], () => {}).appendString(refused?.body ?? null);
      });
    });
    writer.appendInt32(0).appendTaggedFields();
  }

  #listOffsets(reader: Reader, writer: Writer): void {
    reader.readInt32();
    reader.readInt8();
    const topics = reader.readArray((r) => ({
      name: r.readString(),
      partitions: r.readArray((inner) => {
        const index = inner.readInt32();
        inner.readInt32();
        return { index, timestamp: inner.readInt64() };
      }),
    }));
    writer.appendInt32(0).appendArray(topics, (w, { name, partitions }) => {
      w.appendString(name).appendArray(partitions, (inner, { index, timestamp }) => {
        const { start = 0, end = 0 } = this.partitions[index] ?? {};
        const offset = BigInt(timestamp === EARLIEST ? start : end);
        inner.appendInt32(index).appendInt16(0).appendInt64(-1n).appendInt64(offset).appendInt32(0);
      });
    });
    writer.appendTaggedFields();
  }

  #fetch(reader: Reader, writer: Writer): void {
    for (let field = 0; field < 3; field += 1) reader.readInt32();
    const bytesMax = reader.readInt32();
    reader.readInt8();
    reader.readInt32();
    reader.readInt32();
    const topics = reader.readArray((r) => ({
      name: r.readString(),
      partitions: r.readArray((inner) => {
        const index = inner.readInt32();
        inner.readInt32();
        const offset = Number(inner.readInt64());
        inner.readInt32();
        inner.readInt64();
        inner.readInt32();
        return { index, offset };
      }),
    }));
    writer
      .appendInt32(0)
      .appendInt16(0)
      .appendInt32(0)
      .appendArray(topics, (w, { name, partitions }) => {
        w.appendString(name).appendArray(partitions, (inner, { index, offset }) => {
          const partition = this.partitions[index];
          const [start, end] = [BigInt(partition?.start ?? 0), BigInt(partition?.end ?? 0)];
          inner
            .appendInt32(index)
            .appendInt16(this.fetchErrors.shift() ?? 0)
            .appendInt64(end)
            .appendInt64(end)
            .appendInt64(start);
          inner.appendArray([], () => {}).appendInt32(-1);
          inner.appendBytes(partition?.read(offset, Math.min(bytesMax, FETCH_BYTES)) ?? NO_BYTES);
        });
      });
    writer.appendTaggedFields();
  }
}
