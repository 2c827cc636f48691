import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDpopKey } from '#cli/client/dpop-key.ts';
import { createExchanger } from '#cli/client/exchange.ts';
import { createHttpSend } from '#cli/client/http-send.ts';
import { retryDefaults } from '#cli/client/retry.ts';
import { FakeVouchgate } from '#cli/testing/fake-vouchgate.ts';
import { systemClock } from '#core/clock.ts';
import { Secret } from '#core/secret.ts';
import type { BenchReport } from './report.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/vouchgate.js', import.meta.url));
const RESOURCE = 'shop-db';

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** From the call to the end of a process. Its exit code must be 0: a failure would be measured as fast. */
function timeMs(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  // Of this environment only the path: NODE_EXTRA_CA_CERTS alone costs more than what is measured here.
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: 'ignore',
  });
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(performance.now() - startMs);
      else reject(new Error(`${args.join(' ')} ended with ${code}`));
    });
  });
}

async function startFake(): Promise<FakeVouchgate> {
  const fake = await new FakeVouchgate().listen();
  fake.resources.set(RESOURCE, {
    credentialType: 'postgres',
    values: { username: 'vg_shop', password: 'a password' },
    environment: { PGUSER: 'username', PGPASSWORD: 'password' },
  });
  return fake;
}

/** The same exchange from a process that is warm: what the server and the loopback take. */
async function exchangeMs(fake: FakeVouchgate): Promise<number> {
  const key = createDpopKey(systemClock);
  const exchanger = createExchanger({
    server: fake.url,
    send: createHttpSend({ env: {} }),
    key,
    retry: retryDefaults,
  });
  const startMs = performance.now();
  await exchanger.exchange({ token: new Secret(fake.mint()), resource: RESOURCE });
  return performance.now() - startMs;
}

/** Start of the command line beside an empty program, in turn, so that both see the same machine. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const rounds = quick ? 7 : 31;
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  const fake = await startFake();
  const emptyProgram = join(folder, 'empty.mjs');
  await writeFile(emptyProgram, '');
  const cases: Readonly<Record<string, () => Promise<number>>> = {
    empty: () => timeMs([emptyProgram]),
    version: () => timeMs([PROGRAM, '--version']),
    help: () => timeMs([PROGRAM, '--help']),
    credential: () =>
      timeMs([PROGRAM, 'credential', RESOURCE], {
        VOUCHGATE_URL: fake.url,
        VOUCHGATE_ID_TOKEN: fake.mint(),
      }),
    exchange: () => exchangeMs(fake),
  };
  const times = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, measure] of Object.entries(cases)) {
      const tookMs = await measure();
      // The first round fills the compile cache and is not counted.
      if (round > 0) times.get(name)?.push(tookMs);
    }
  }
  await fake.close();
  await rm(folder, { recursive: true });
  return report(rounds, (name) => median(times.get(name) ?? []));
}

function report(rounds: number, medianOf: (name: string) => number): BenchReport {
  const emptyMs = medianOf('empty');
  const show = (name: string) =>
    `${medianOf(name).toFixed(1)} ms = ${(medianOf(name) / emptyMs).toFixed(2)} × empty`;
  const overheadMs = medianOf('credential') - medianOf('exchange');
  return {
    name: 'start of the command line',
    rows: [
      { label: 'empty Node program', value: `${emptyMs.toFixed(1)} ms` },
      { label: 'vouchgate --version', value: show('version') },
      { label: 'vouchgate --help', value: show('help') },
      { label: 'vouchgate credential, whole', value: show('credential') },
      { label: '… beyond the exchange', value: `${overheadMs.toFixed(1)} ms` },
    ],
    notes: [
      `medians of ${rounds} interleaved starts; from source, compile cache warm`,
      'the exchange: with a fake server on loopback, from a warm process',
    ],
  };
}
