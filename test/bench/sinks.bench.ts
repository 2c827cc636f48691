import { createServer } from 'node:http';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import type { AuditEvent } from '#audit/event.ts';
import { createNoteSigner } from '#audit/log/note-key.ts';
import { createSealer } from '#audit/log/sealer.ts';
import { createDelivery, type Delivery } from '#audit/outbox/delivery.ts';
import { readLog } from '#audit/outbox/read-log.ts';
import { sink as elasticsearch } from '#audit/sinks/elasticsearch/sink.ts';
import { sink as file } from '#audit/sinks/file/sink.ts';
import type { SinkContext, SinkKind } from '#audit/sinks/sink.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { systemClock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';
import type { Storage } from '#storage/storage.ts';
import type { BenchReport } from './report.ts';

const PER_SECOND = 1_000;
const APPEND_BATCH = 1_000;
const MB = 1_000_000;

/** A denial as the broker records it, without the raw claims: about 700 bytes. */
function makeEvent(timeMs: number): AuditEvent {
  return {
    id: newId('evt', systemClock),
    timeMs,
    type: 'decision.denied',
    actor: { kind: 'workload', id: 'github/456789' },
    decision: newId('dec', systemClock),
    resource: 'shop-db',
    body: {
      identity: {
        provider: 'github',
        platform: 'github-actions',
        issuer: 'https://token.actions.githubusercontent.com',
        subject: 'repo:acme/shop:environment:production',
        project: { id: '456789', path: 'acme/shop' },
        ref: { full: 'refs/heads/main', type: 'branch' },
      },
      denial: { code: 'no_permit', facts: [] },
      sourceIp: '203.0.113.7',
    },
  };
}

/** A receiver in this process that answers as a bulk request wants it, and counts; down, it answers 503. */
async function startReceiver(total: number) {
  const state = { down: true, requests: 0, received: 0, duplicates: 0 };
  const seen = new Uint8Array(total);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      state.requests += 1;
      if (state.down) return response.writeHead(503).end();
      const body = Buffer.concat(chunks).toString('latin1');
      let items = 0;
      for (const match of body.matchAll(/"index":(\d+),"sequence"/g)) {
        const index = Number(match[1]);
        if (seen[index] === 1) state.duplicates += 1;
        else state.received += 1;
        seen[index] = 1;
        items += 1;
      }
      return response.end(
        `{"items":[${Array.from({ length: items }, () => '{"create":{"status":201}}').join()}]}`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    state,
    host: `127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function deliveryTo<Settings extends object>(
  storage: Storage,
  kind: SinkKind<Settings>,
  settings: unknown,
  context: SinkContext,
  nowMs: () => number,
): Promise<Delivery> {
  const name = kind.id;
  await storage.sinks.open(name, { index: 0, sequence: 0 });
  await storage.sinks.hold(name, 'bench', nowMs(), nowMs() + 1e12);
  return createDelivery({
    name,
    server: 'bench',
    origin: 'bench.example/log',
    schema: 'vouchgate',
    limits: kind.limits,
    openSink: () => kind.open(kind.settings.parse(settings), context),
    store: storage.sinks,
    head: () => storage.log.head(),
    readLog: (range) => readLog({ log: storage.log, events: storage.events }, range),
    clock: { nowMs },
    log: silentLogger,
  });
}

async function drain(delivery: Delivery): Promise<void> {
  const { signal } = new AbortController();
  while (await delivery.step(signal));
}

function memoryMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / MB;
}

/**
 * An hour in which a sink is down, at 1,000 events a second, in simulated time: everything is recorded and sealed into
 * the embedded store for real, the sink fails at each try, then comes back. Takes some minutes, and 5 GB of disk
 * while it runs; `--quick` simulates one minute.
 */
export async function run(options: { quick: boolean }): Promise<BenchReport> {
  const minutes = options.quick ? 1 : 60;
  const total = minutes * 60 * PER_SECOND;
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  const receiver = await startReceiver(total);
  const time = { nowMs: systemClock.nowMs() };
  const clock = { nowMs: () => time.nowMs };
  const storage = await openSqliteStorage({ path: join(folder, 'store.db'), log: silentLogger, clock });
  const trust = { allowPrivateHosts: [receiver.host] };
  const network = createBoundedFetch({ clock: systemClock, log: silentLogger, trust });
  const context: SinkContext = {
    clock,
    log: silentLogger,
    fetch: network.fetch,
    allowPrivateHosts: [],
    resolveSecret: async () => new Secret(''),
    sleep: async () => {},
  };
  try {
    const signer = createNoteSigner(
      'bench.example/log',
      'ed25519',
      generateKeyPairSync('ed25519').privateKey,
    );
    const sealer = createSealer({
      store: storage.log,
      events: storage.events,
      origin: signer.name,
      signers: () => [signer],
      clock,
    });
    const siem = await deliveryTo(
      storage,
      elasticsearch,
      { url: `http://${receiver.host}` },
      context,
      clock.nowMs,
    );
    const memory: number[] = [];
    for (let recorded = 0; recorded < total; recorded += APPEND_BATCH) {
      await storage.events.append(Array.from({ length: APPEND_BATCH }, () => makeEvent(time.nowMs)));
      while ((await sealer.seal()).outcome === 'sealed');
      time.nowMs += 1_000;
      await drain(siem);
      if ((recorded / APPEND_BATCH) % 30 === 15) memory.push(memoryMb());
    }
    const tries = receiver.state.requests;
    receiver.state.down = false;
    time.nowMs += 400_000;
    const catchUp = await measure(() => drain(siem));
    const peakMb = memoryMb();
    const missing = total - receiver.state.received;
    const path = join(folder, 'copy.ndjson');
    const files = await deliveryTo(storage, file, { path, rotateAtMegabytes: 100_000 }, context, clock.nowMs);
    const written = await measure(() => drain(files));
    await files.close();
    const bytes = (await stat(path)).size / total;
    return {
      name: 'sinks',
      rows: [
        {
          label: 'events while the sink was down',
          value: `${total} (${minutes} min at ${PER_SECOND}/s, simulated)`,
        },
        { label: 'one document', value: `${Math.round(bytes)} bytes` },
        { label: 'tries of the sink meanwhile', value: String(tries) },
        {
          label: 'memory, first and last quarter',
          value: `${quarter(memory, 0).toFixed(0)} MB, ${quarter(memory, 3).toFixed(0)} MB; after catching up ${peakMb.toFixed(0)} MB`,
        },
        { label: 'missing after catching up', value: `${missing}; twice ${receiver.state.duplicates}` },
        { label: 'catching up by HTTP (_bulk)', value: rateOf(total, catchUp) },
        { label: 'catching up into a file (fsync)', value: rateOf(total, written) },
      ],
      notes: [
        'Store, log, delivery and the receiver share one process; the store has a thread of its own.',
        'Repeat with: npm run bench -- sinks',
      ],
    };
  } finally {
    await network.close();
    await receiver.close();
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function measure(work: () => Promise<void>): Promise<Measured> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1_000, cpuSeconds: (user + system) / MB };
}

function rateOf(count: number, { seconds, cpuSeconds }: Measured): string {
  return `${Math.round(count / seconds)} events/s, CPU ${((cpuSeconds / count) * MB).toFixed(1)} µs each`;
}

function quarter(values: readonly number[], at: number): number {
  const length = Math.max(1, Math.floor(values.length / 4));
  const part = at === 0 ? values.slice(0, length) : values.slice(-length);
  return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length);
}
