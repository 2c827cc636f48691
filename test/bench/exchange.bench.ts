import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { type Bench, buildBenchServer, POLICIES, startBench } from './exchange/start-bench.ts';
import { type CryptoLimit, measureCryptoLimit } from './exchange/crypto-limit.ts';
import { percentile, runClosedLoop, runFixedRate } from './exchange/load.ts';
import { measureFsyncMs } from './exchange/measure-fsync.ts';
import { createTokenFactory, type TokenFactory } from './exchange/tokens.ts';
import type { BenchReport } from './report.ts';

const CONNECTIONS = 64;
const MEBIBYTE = 1_048_576;

/** Durable exchanges through the real server, beside what the cryptography of one costs in the same run. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  await buildBenchServer();
  const limit = measureCryptoLimit();
  const report: BenchReport = { name: 'exchange', rows: describeLimit(limit), notes: [] };
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  try {
    await measureStore('SQLite', undefined, folder, limit, report, quick);
    await measureOnPostgres(folder, limit, report, quick);
    if (!quick) await measureMemory(folder, report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  report.notes.push(
    'CPU is user + system time of all threads of the server (for PostgreSQL: without that of PostgreSQL)',
    `${CONNECTIONS} connections, ${POLICIES} policies, keys pinned; load and server share the machine`,
  );
  return report;
}

function describeLimit(limit: CryptoLimit): BenchReport['rows'] {
  const openssl = limit.opensslPairMicros;
  return [
    {
      label: 'RS256 verify + ES256 sign, openssl speed',
      value: openssl === undefined ? 'no openssl' : `${openssl.toFixed(1)} µs`,
    },
    { label: 'RS256 verify + ES256 sign, Node loop', value: `${limit.nodePairMicros.toFixed(1)} µs` },
  ];
}

async function measureStore(
  name: string,
  database: string | undefined,
  folder: string,
  limit: CryptoLimit,
  report: BenchReport,
  quick: boolean,
): Promise<void> {
  const factory = createTokenFactory('RS256', 'https://bench.example');
  const bench = await startBench(factory, database, join(folder, `${name}.db`));
  const count = quick ? 4_000 : 40_000;
  const warmUp = Array.from({ length: 2_000 }, () => factory.next());
  const tokens = Array.from({ length: count }, () => factory.next());
  try {
    await runClosedLoop(bench.url, warmUp, CONNECTIONS);
    const before = await bench.usage();
    const busy = await runClosedLoop(bench.url, tokens, CONNECTIONS);
    const after = await bench.usage();
    if (busy.failed > 0) throw new Error(`${busy.failed} of ${count} exchanges failed`);
    const cpuMicros = (after.cpuMicros - before.cpuMicros) / busy.answered;
    const perSecond = busy.answered / busy.seconds;
    const ratio = (pair: number | undefined) => (pair === undefined ? '–' : (cpuMicros / pair).toFixed(2));
    const commits = after.commits - before.commits;
    report.rows.push(
      { label: `${name}: CPU per exchange`, value: `${cpuMicros.toFixed(1)} µs` },
      {
        label: `${name}: × openssl pair / × Node pair`,
        value: `${ratio(limit.opensslPairMicros)} / ${ratio(limit.nodePairMicros)}`,
      },
      { label: `${name}: exchanges per second, busy`, value: perSecond.toFixed(0) },
      { label: `${name}: exchanges per durable commit, busy`, value: (busy.answered / commits).toFixed(1) },
    );
    await measureLatency(name, bench, factory, Math.floor(perSecond / 2), folder, report, quick);
  } finally {
    await bench.stop();
  }
}

async function measureLatency(
  name: string,
  bench: Bench,
  factory: TokenFactory,
  perSecond: number,
  folder: string,
  report: BenchReport,
  quick: boolean,
): Promise<void> {
  const tokens = Array.from({ length: perSecond * (quick ? 1 : 5) }, () => factory.next());
  const half = await runFixedRate(bench.url, tokens, perSecond);
  const fsyncMs = await measureFsyncMs(folder);
  const p50 = percentile(half.latenciesMs, 0.5);
  report.rows.push({
    label: `${name}: p50 / p99 at ${perSecond}/s`,
    value: `${p50.toFixed(2)} / ${percentile(half.latenciesMs, 0.99).toFixed(2)} ms (one fsync: ${fsyncMs.toFixed(2)} ms)`,
  });
}

async function measureOnPostgres(
  folder: string,
  limit: CryptoLimit,
  report: BenchReport,
  quick: boolean,
): Promise<void> {
  const binaries = findPostgres();
  if (binaries === undefined) {
    report.notes.push('PostgreSQL: SKIPPED, no server binaries found');
    return;
  }
  const postgres = await startLocalPostgres({ binaries });
  try {
    await measureStore('PostgreSQL', postgres.url.reveal(), folder, limit, report, quick);
  } finally {
    await postgres.stop();
  }
}

/** A million exchanges with tokens signed as they are needed; ES256, which costs a tenth to sign. */
async function measureMemory(folder: string, report: BenchReport): Promise<void> {
  const factory = createTokenFactory('ES256', 'https://bench.example');
  const bench = await startBench(factory, undefined, join(folder, 'memory.db'));
  const rounds = 10;
  const perRound = 100_000;
  const seen: string[] = [];
  let highest = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const result = await runClosedLoop(bench.url, signAsNeeded(factory, perRound), CONNECTIONS);
      if (result.failed > 0) throw new Error(`${result.failed} exchanges failed`);
      const { rssBytes } = await bench.usage();
      highest = Math.max(highest, rssBytes);
      seen.push((rssBytes / MEBIBYTE).toFixed(0));
    }
  } finally {
    await bench.stop();
  }
  report.rows.push(
    { label: 'SQLite: memory after each 100,000 of a million', value: `${seen.join(' ')} MiB` },
    { label: 'SQLite: highest', value: `${(highest / MEBIBYTE).toFixed(0)} MiB` },
  );
}

function* signAsNeeded(factory: TokenFactory, count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) yield factory.next();
}
