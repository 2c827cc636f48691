import { generateKeyPairSync } from 'node:crypto';
import { fsyncSync, openSync, closeSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '#audit/event.ts';
import { createNoteSigner } from '#audit/log/note-key.ts';
import { createSealer } from '#audit/log/sealer.ts';
import { systemClock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { silentLogger } from '#core/log.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';
import type { BenchReport } from './report.ts';

const FSYNCS = 200;
const POOL = 1_000;

/** An event of a decision as the broker records it: about 2 KB. */
function makeEvent(sequence: number): RecordedEvent {
  return {
    id: newId('evt', systemClock),
    sequence,
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

/** Events come from a small pool: a heap full of waiting events would be measured, and no server has one. */
async function measureSealing(
  folder: string,
  pool: readonly RecordedEvent[],
  count: number,
  batchMax: number,
) {
  const path = join(folder, `log-${batchMax}.db`);
  const storage = await openSqliteStorage({ path, log: silentLogger, clock: systemClock });
  const signer = createNoteSigner('bench.example/log', 'ed25519', generateKeyPairSync('ed25519').privateKey);
  const sealer = createSealer({
    store: storage.log,
    origin: signer.name,
    signers: () => [signer],
    clock: systemClock,
    batchMax,
    events: {
      list: async ({ afterSequence, limit }) =>
        pool.slice(0, Math.min(limit, count - afterSequence)).map((event, at) => ({
          ...event,
          sequence: afterSequence + at + 1,
        })),
    },
  });
  const cpu = process.cpuUsage();
  const start = performance.now();
  while ((await sealer.seal()).outcome === 'sealed');
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  await storage.close();
  return { rate: count / seconds, cpuMicroseconds: (user + system) / count };
}

/** Sealing into the embedded store, everything in: entries, tree, checkpoint, one durable commit for each batch. */
export async function run(options: { quick: boolean }): Promise<BenchReport> {
  const count = options.quick ? 20_000 : 200_000;
  const pool = Array.from({ length: POOL }, (_, at) => makeEvent(at + 1));
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  try {
    const fsyncMs = measureFsync(folder);
    const rows = [
      { label: 'one fsync of 4 KB', value: `${fsyncMs.toFixed(2)} ms` },
      { label: 'one event', value: `${JSON.stringify(pool[0]).length} bytes` },
    ];
    for (const batchMax of [1_000, 100, 10]) {
      const { rate, cpuMicroseconds } = await measureSealing(
        folder,
        pool,
        batchMax === 10 ? count / 10 : count,
        batchMax,
      );
      rows.push({
        label: `batches of ${batchMax}`,
        value: `${Math.round(rate)} entries/s, CPU ${cpuMicroseconds.toFixed(1)} µs each`,
      });
    }
    return { name: 'log', rows, notes: ['Repeat with: npm run bench -- log'] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
