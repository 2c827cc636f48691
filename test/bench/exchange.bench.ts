import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { buildPackage } from '../../tools/build.ts';
import { type CryptoLimit, measureCryptoLimit } from './exchange/crypto-limit.ts';
import { percentile, runClosedLoop, runFixedRate } from './exchange/load.ts';
import { measureFsyncMs } from './exchange/measure-fsync.ts';
import type { BenchServerSetup, BenchServerUsage } from './exchange/server.ts';
import { createTokenFactory, type TokenFactory } from './exchange/tokens.ts';
import type { BenchReport } from './report.ts';

// What is measured is what is published, started as `bin/vouchgate.js` starts it.
const PACKAGE = fileURLToPath(new URL('../../dist/bench', import.meta.url));
const SERVER = join(PACKAGE, 'dist/bench-server.js');
const SERVER_FLAGS = ['--max-semi-space-size=8'];
const CONNECTIONS = 64;
const POLICIES = 100;
const MEBIBYTE = 1_048_576;

interface Bench {
  url: string;
  usage(): Promise<BenchServerUsage>;
  stop(): Promise<void>;
}

/** Durable exchanges through the real server, beside what the cryptography of one costs in the same run. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  await buildPackage(PACKAGE, { 'bench-server': 'test/bench/exchange/server.ts' });
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

async function startBench(
  factory: TokenFactory,
  database: string | undefined,
  storePath: string,
): Promise<Bench> {
  const port = await freePort();
  const child = fork(SERVER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: SERVER_FLAGS });
  const setup: BenchServerSetup = { files: configurationFiles(factory), database, storePath, port };
  const url = await ask<{ url: string }>(child, setup);
  return {
    url: url.url,
    usage: () => ask<BenchServerUsage>(child, 'usage'),
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.send('stop');
      await exited;
    },
  };
}

function ask<T>(child: ChildProcess, message: BenchServerSetup | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`the server ended with ${code}`));
    child.once('exit', failed);
    child.once('message', (answer) => {
      child.off('exit', failed);
      resolve(answer as T);
    });
    child.send(message);
  });
}

function configurationFiles(factory: TokenFactory): Record<string, string> {
  const policies = Array.from(
    { length: POLICIES },
    (_, index) =>
      `@id("bench-${index}") permit (principal in Org::"github/${index === 0 ? '123456' : index}", action == Action::"issue", resource == Resource::"bench-token") when { principal has ref.full && principal.ref.full like "refs/heads/*" };`,
  );
  return {
    'vouchgate.yaml': `version: 1
url: https://bench.example
identityProviders:
  github:
    type: github-actions
    issuer: ${factory.issuer}
    algorithms: [RS256, ES256]
    lifetimeSecondsMax: 86400
    jwks: { keys: [${JSON.stringify(factory.publicJwk)}] }
credentialProviders:
  tokens: { type: oidc-token }
resources:
  bench-token:
    credentialProvider: tokens
    ttl: 5m
    parameters: { audience: https://target.example }
`,
    'policies/bench.cedar': policies.join('\n'),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
