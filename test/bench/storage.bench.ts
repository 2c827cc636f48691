import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Intent } from '#broker/ports.ts';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { systemClock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { silentLogger } from '#core/log.ts';
import { openPostgresStorage } from '#storage/postgres/open-postgres-storage.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';
import type { Storage } from '#storage/storage.ts';
import type { BenchReport } from './report.ts';

const CONCURRENCIES = [1, 16, 64, 256];
const SIZES = {
  quick: { single: 1_000, many: 20_000, soak: 50_000 },
  full: { single: 5_000, many: 100_000, soak: 1_000_000 },
};

interface Run {
  commits: number;
  seconds: number;
  cpuMicroseconds: number;
  batches: number;
}

/** Durable commits (replay key, lease, one event of about 900 bytes) on both stores. */
export async function run(options: { quick: boolean }): Promise<BenchReport> {
  const sizes = options.quick ? SIZES.quick : SIZES.full;
  const rows = [...(await benchSqlite(sizes)), ...(await benchPostgres(sizes))];
  return {
    name: 'storage',
    rows,
    notes: [
      'CPU is that of this process on all its threads, making the input included; PostgreSQL uses its own beside it.',
      'A batch is one transaction and one fsync. At concurrency 1 the time is one fsync and two thread hops.',
      'Repeat with: npm run bench -- storage',
    ],
  };
}

async function benchSqlite(sizes: typeof SIZES.quick): Promise<BenchReport['rows']> {
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  const storage = await openSqliteStorage({
    path: join(folder, 'store.db'),
    log: silentLogger,
    clock: systemClock,
  });
  try {
    const rows = await benchConcurrencies('SQLite', storage, sizes);
    const soak = await measure(storage, 256, sizes.soak);
    rows.push(describeRun(`SQLite, ${sizes.soak} more commits`, soak));
    rows.push({ label: 'memory after that', value: residentMegabytes() });
    return rows;
  } finally {
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchPostgres(sizes: typeof SIZES.quick): Promise<BenchReport['rows']> {
  const binaries = findPostgres();
  if (binaries === undefined) return [{ label: 'PostgreSQL', value: 'skipped: none on this machine' }];
  const server = await startLocalPostgres({ binaries });
  try {
    const storage = await openPostgresStorage({ url: server.url, log: silentLogger, clock: systemClock });
    const rows = await benchConcurrencies('PostgreSQL', storage, sizes);
    await storage.close();
    return rows;
  } finally {
    await server.stop();
  }
}

async function benchConcurrencies(
  name: string,
  storage: Storage,
  sizes: typeof SIZES.quick,
): Promise<BenchReport['rows']> {
  await measure(storage, 64, sizes.single);
  const rows: BenchReport['rows'] = [];
  for (const concurrency of CONCURRENCIES) {
    const result = await measure(storage, concurrency, concurrency === 1 ? sizes.single : sizes.many);
    rows.push(describeRun(`${name}, ${concurrency} at once`, result));
  }
  return rows;
}

async function measure(storage: Storage, concurrency: number, commits: number): Promise<Run> {
  let started = 0;
  let batches = 0;
  let inBurst = false;
  const work = async (): Promise<void> => {
    while (started < commits) {
      started += 1;
      const { status } = await storage.broker.commit(makeIntent());
      if (status !== 'committed') throw new Error(`unexpected: ${status}`);
      if (inBurst) continue;
      // All answers of one batch arrive in one turn of the event loop.
      inBurst = true;
      batches += 1;
      setImmediate(() => {
        inBurst = false;
      });
    }
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  const used = process.cpuUsage(cpu);
  return {
    commits,
    seconds: (performance.now() - start) / 1_000,
    cpuMicroseconds: used.user + used.system,
    batches,
  };
}

function describeRun(
  label: string,
  { commits, seconds, cpuMicroseconds, batches }: Run,
): BenchReport['rows'][0] {
  const rate = Math.round(commits / seconds).toLocaleString('en');
  const cpu = (cpuMicroseconds / commits).toFixed(1);
  return { label, value: `${rate} commits/s, ${cpu} µs CPU, 1 fsync per ${(commits / batches).toFixed(1)}` };
}

function residentMegabytes(): string {
  return `${Math.round(process.memoryUsage.rss() / 1e6)} MB resident, the whole process`;
}

function makeIntent(): Intent {
  const decision = newId('dec', systemClock);
  const lease = newId('lse', systemClock);
  const nowMs = systemClock.nowMs();
  const common = { decision, resource: 'artifact-registry' };
  return {
    replay: {
      tokenKey: createHash('sha256').update(decision).digest('base64url'),
      proofKey: undefined,
      holder: undefined,
      decision,
      expiresAtMs: nowMs + 600_000,
    },
    retryKey: undefined,
    lease: {
      ...common,
      id: lease,
      state: 'active',
      credentialProvider: 'registry-tokens',
      principal: 'github/456789/987654321',
      workload: 'acme/shop@refs/heads/main',
      holder: undefined,
      handle: { lease },
      revocable: false,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + 900_000,
      expiresAtMsMax: nowMs + 900_000,
      endedAtMs: undefined,
      dueAtMs: nowMs + 900_000,
      attempts: 0,
      lastError: undefined,
    },
    events: [
      {
        ...common,
        id: newId('evt', systemClock),
        timeMs: nowMs,
        type: 'decision.issued',
        actor: { kind: 'workload', id: 'github/456789/987654321' },
        lease,
        body: { claims: 'x'.repeat(500), policy: { digest: 'y'.repeat(64), determining: ['allow-main'] } },
      },
    ],
  };
}
