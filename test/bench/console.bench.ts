import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createDecisionProjector } from '#audit/decision-index/project-decisions.ts';
import { startServer } from '#cli/server/start-server.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { recordDecisions } from './console/record-decisions.ts';
import { recordFindings } from './console/record-findings.ts';
import { requestsOf } from './console/requests.ts';
import type { BenchReport } from './report.ts';

const SIZES = {
  quick: { decisions: 10_000, findings: 2_000, rounds: 10 },
  full: { decisions: 100_000, findings: 20_000, rounds: 40 },
};
const WANTED_MS = 50;
const CONFIGURATION = {
  'vouchgate.yaml':
    'version: 1\nurl: http://127.0.0.1:8440\nidentityProviders:\n  github:\n    type: github-actions\n',
};

interface Timed {
  label: string;
  p50Ms: number;
  p95Ms: number;
  cpuMs: number;
  kilobytes: number;
}

/** Every list and every count of the console's API, over HTTP, with so much in the embedded store. */
export async function run(options: { quick: boolean }): Promise<BenchReport> {
  const sizes = options.quick ? SIZES.quick : SIZES.full;
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  const path = join(folder, 'store.db');
  const storage = await openSqliteStorage({ path, log: silentLogger, clock: systemClock });
  try {
    const indexed = await fill(storage, sizes);
    const megabytes = (await stat(path)).size / 1_048_576;
    const timed = await measure(storage, sizes.rounds);
    const slow = timed.filter(({ p95Ms }) => p95Ms > WANTED_MS);
    return {
      name: `console: ${sizes.decisions} decisions and ${sizes.findings} findings (SQLite)`,
      rows: [
        { label: 'taken into the index', value: indexed },
        { label: 'store', value: `${megabytes.toFixed(0)} MB` },
        ...timed.map(({ label, p50Ms, p95Ms, cpuMs, kilobytes }) => ({
          label,
          value: `p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms, CPU ${cpuMs.toFixed(1)} ms, ${kilobytes.toFixed(0)} kB`,
        })),
        { label: `p95 above ${WANTED_MS} ms`, value: slow.map(({ label }) => label).join(', ') || 'none' },
      ],
      notes: [
        'One request at a time over loopback, first byte to last, uncompressed; client and server share one process.',
        'CPU is that of the process on all its threads, what it does in the background included.',
        'Repeat with: npm run bench -- console',
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(storage: Storage, { decisions, findings }: typeof SIZES.full): Promise<string> {
  await recordDecisions(storage, decisions, systemClock.nowMs());
  const project = createDecisionProjector({
    index: storage.decisions,
    events: storage.events,
    clock: systemClock,
    server: 'bench',
  });
  const started = performance.now();
  let events = 0;
  for (let before = -1; before !== events; ) {
    before = events;
    events = await project();
  }
  const seconds = (performance.now() - started) / 1_000;
  await recordFindings(storage, findings);
  return `${events} events in ${seconds.toFixed(1)} s, ${Math.round(events / seconds)} a second`;
}

async function measure(storage: Storage, rounds: number): Promise<Timed[]> {
  const server = await startServer({
    storage,
    masterKey: randomBytes(32),
    readFiles: () => Promise.resolve(CONFIGURATION),
    listen: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    env: {},
    clock: systemClock,
    log: silentLogger,
  });
  try {
    const token = await signIn(server.url, await server.adminLink());
    const ask = async (path: string) => {
      const answer = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      const bytes = (await answer.arrayBuffer()).byteLength;
      if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
      return bytes;
    };
    await untilSealed(storage);
    const [newest] = await storage.decisions.search({ scope: { kind: 'all' } }, { limit: 1 });
    const requests = requestsOf({ decision: newest?.id ?? '', now: systemClock.nowMs() });
    const timed: Timed[] = [];
    for (const [label, path] of Object.entries(requests))
      timed.push(await time(label, () => ask(path), rounds));
    return timed;
  } finally {
    await server.close();
  }
}

const Session = z.object({ token: z.string() });

async function signIn(url: string, link: string): Promise<string> {
  const answer = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  });
  return Session.parse(await answer.json()).token;
}

/** What the sealer does of so many events at once is no part of the figures. */
async function untilSealed(storage: Storage): Promise<void> {
  const newest = async () => (await storage.events.list({ limit: 1 }))[0]?.sequence ?? 0;
  while ((await storage.log.head()).lastSequence < (await newest()))
    await new Promise((resolve) => setTimeout(resolve, 500));
}

async function time(label: string, ask: () => Promise<number>, rounds: number): Promise<Timed> {
  let bytes = await ask();
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    bytes = await ask();
    times.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    label,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    cpuMs: (user + system) / 1_000 / rounds,
    kilobytes: bytes / 1_024,
  };
}
