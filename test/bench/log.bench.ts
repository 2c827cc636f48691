import { generateKeyPairSync } from 'node:crypto';
import { fsyncSync, openSync, closeSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent } from '#audit/event.ts';
import { createNoteSigner } from '#audit/log/note-key.ts';
import { createSealer } from '#audit/log/sealer.ts';
import { systemClock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { silentLogger } from '#core/log.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { buildGoProgram } from '../peers/go-programs/build-go-program.ts';
import { measureTessera, type Sealing, TESSERA_ENTRY_BYTES } from './log/beside-tessera.ts';
import { measureExchangeShare } from './log/exchange-share.ts';
import type { BenchReport } from './report.ts';

const FSYNCS = 200;
/** Events that are recorded before they are sealed. */
const TURN = 4_000;
const APPENDED = 500;
const ROUNDS = 3;
const BATCHES = [
  [1_000, 'memory'],
  [1_000, 'store'],
  [100, 'memory'],
  [10, 'memory'],
] as const;

/** An event of a decision as the broker records it: about 2 KB. */
function makeEvent(): AuditEvent {
  return {
    id: newId('evt', systemClock),
    timeMs: systemClock.nowMs(),
    type: 'decision.issued',
    actor: { kind: 'workload', id: 'github/repo:acme/shop:environment:production' },
    decision: newId('dec', systemClock),
    resource: 'shop-db',
    lease: newId('lse', systemClock),
    body: {
      identity: {
        provider: 'github',
        platform: 'github-actions',
        issuer: 'https://token.actions.githubusercontent.com',
        subject: 'repo:acme/shop:environment:production',
        org: { id: '4567', name: 'acme' },
        project: { id: '456789', path: 'acme/shop', visibility: 'private' },
        ref: { full: 'refs/heads/main', type: 'branch', protected: true },
        commit: 'c0ffee'.repeat(7).slice(0, 40),
        trigger: 'push',
        actor: { id: '7', login: 'mona' },
        claims: Object.fromEntries(
          Array.from({ length: 30 }, (_, at) => [`claim_${at}`, `value of claim ${at}`]),
        ),
      },
      token: {
        id: 'b1946ac9-2492-4d23-9b0d-1a2b3c4d5e6f',
        digest: 'x'.repeat(43),
        expiresAtSeconds: 1_800_000_000,
      },
      sourceIp: '203.0.113.7',
      policy: { version: 'v1', determining: ['deploys-from-main'] },
      credential: { provider: 'main', expiresAtMs: 1_800_000_000_000, handle: { role: 'vg_shop' } },
    },
  };
}

function measureFsync(folder: string): number {
  const file = openSync(join(folder, 'fsync'), 'w');
  const start = performance.now();
  for (let count = 0; count < FSYNCS; count += 1) {
    writeSync(file, 'x'.repeat(4_096));
    fsyncSync(file);
  }
  const perFsyncMs = (performance.now() - start) / FSYNCS;
  closeSync(file);
  return perFsyncMs;
}

/**
 * Records events and seals them, in turns, and measures the sealing alone: a heap full of waiting events would be
 * measured otherwise, and no server has one. `store` stands for the server that has not recorded them itself.
 */
async function measureSealing(
  path: string,
  count: number,
  batchMax: number,
  from: 'memory' | 'store',
): Promise<Sealing> {
  const storage = await openSqliteStorage({ path, log: silentLogger, clock: systemClock });
  const signer = createNoteSigner('bench.example/log', 'ed25519', generateKeyPairSync('ed25519').privateKey);
  const { log: store, events } = storage;
  const sealer = createSealer({
    store,
    origin: signer.name,
    signers: () => [signer],
    clock: systemClock,
    batchMax,
    events,
  });
  let [milliseconds, microseconds] = [0, 0];
  for (let done = 0; done < count; done += TURN) {
    await record(storage, from);
    const cpu = process.cpuUsage();
    const start = performance.now();
    while ((await sealer.seal()).outcome === 'sealed');
    milliseconds += performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    // The first turn warms the program up.
    if (done === 0) milliseconds = 0;
    else microseconds += user + system;
  }
  const { size } = await store.head();
  await storage.close();
  if (size !== count) throw new Error(`${size} entries of ${count} were sealed`);
  return {
    rate: (count - TURN) / (milliseconds / 1_000),
    cpuMicroseconds: microseconds / (count - TURN),
  };
}

async function record({ events }: Storage, from: 'memory' | 'store'): Promise<void> {
  for (let done = 0; done < TURN; done += APPENDED) {
    const batch = Array.from({ length: APPENDED }, makeEvent);
    await events.append(from === 'memory' ? batch : batch.map(withoutIdInFront));
  }
}

/** Such an event is not remembered, and has to be read like one of another server. */
function withoutIdInFront({ id, ...event }: AuditEvent): AuditEvent {
  return { ...event, id };
}

type Measured = readonly { readonly label: string; readonly sealing: Sealing }[];

async function measureRound(folder: string, round: number, quick: boolean): Promise<Measured> {
  const measured: { label: string; sealing: Sealing }[] = [];
  const program = buildGoProgram('tessera');
  for (const [batchMax, from] of BATCHES) {
    const count = quick ? 2 * TURN : batchMax === 10 ? 3 * TURN : 20 * TURN;
    const path = join(folder, `log-${batchMax}-${from}-${round}.db`);
    const label = `batches of ${batchMax}${from === 'store' ? ', recorded by another server' : ''}`;
    measured.push({ label, sealing: await measureSealing(path, count, batchMax, from) });
    if ('missing' in program || from === 'store') continue;
    const tessera = await measureTessera(program.path, join(folder, `tessera-${batchMax}-${round}`), {
      count: batchMax === 10 ? TURN : count,
      batchMax,
    });
    measured.push({ label: `Tessera, ${label}`, sealing: tessera });
  }
  return measured;
}

/** The best of several rounds, as what else a machine does only ever makes a round worse. */
function describeBest(rounds: readonly Measured[]): BenchReport['rows'] {
  return (rounds[0] ?? []).map(({ label }, at) => {
    const all = rounds.flatMap((round) => round[at]?.sealing ?? []);
    const rate = Math.max(...all.map((each) => each.rate));
    const cpuMicroseconds = Math.min(...all.map((each) => each.cpuMicroseconds));
    return { label, value: `${Math.round(rate)} entries/s, CPU ${cpuMicroseconds.toFixed(1)} µs each` };
  });
}

/** Sealing into the embedded store, everything in: entries, tree, checkpoint, one durable commit for each batch. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  try {
    const fsyncMs = measureFsync(folder);
    const rounds: Measured[] = [];
    for (let round = 0; round < (quick ? 1 : ROUNDS); round += 1)
      rounds.push(await measureRound(folder, round, quick));
    const program = buildGoProgram('tessera');
    return {
      name: 'log',
      rows: [
        { label: 'one fsync of 4 KB', value: `${fsyncMs.toFixed(2)} ms` },
        { label: 'one event', value: `${JSON.stringify(makeEvent()).length} bytes` },
        ...describeBest(rounds),
        ...(await measureExchangeShare(folder, quick)),
      ],
      notes: [
        'missing' in program
          ? `Tessera: SKIPPED, ${program.missing}`
          : `Tessera: its POSIX log as a library, entries of ${TESSERA_ENTRY_BYTES} bytes as they are`,
        `sealing: the best of ${quick ? 1 : ROUNDS} rounds; exchanges: all rounds together`,
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
