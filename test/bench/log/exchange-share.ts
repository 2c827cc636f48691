import { join } from 'node:path';
import { runClosedLoop } from '../exchange/load.ts';
import { buildBenchServer, startBench } from '../exchange/start-bench.ts';
import { createTokenFactory, type TokenFactory } from '../exchange/tokens.ts';
import type { BenchReport } from '../report.ts';

const CONNECTIONS = 64;
const WARM_UP = 2_000;

interface Share {
  cpuMicros: number;
  seconds: number;
  answered: number;
}

async function measure(factory: TokenFactory, path: string, seals: boolean, count: number): Promise<Share> {
  const bench = await startBench(factory, undefined, path, { seals });
  try {
    const tokens = (many: number) => Array.from({ length: many }, () => factory.next());
    await runClosedLoop(bench.url, tokens(WARM_UP), CONNECTIONS);
    const load = tokens(count);
    const before = await bench.usage();
    const { seconds, answered, failed } = await runClosedLoop(bench.url, load, CONNECTIONS);
    const after = await bench.usage();
    if (failed > 0) throw new Error(`${failed} exchanges failed`);
    return { cpuMicros: after.cpuMicros - before.cpuMicros, seconds, answered };
  } finally {
    await bench.stop();
  }
}

function sum(shares: readonly Share[]): Share {
  return shares.reduce((all, each) => ({
    cpuMicros: all.cpuMicros + each.cpuMicros,
    seconds: all.seconds + each.seconds,
    answered: all.answered + each.answered,
  }));
}

/** What the log adds to an exchange at full load: servers that seal and servers that do not, in turns. */
export async function measureExchangeShare(folder: string, quick: boolean): Promise<BenchReport['rows']> {
  await buildBenchServer();
  const factory = createTokenFactory('RS256', 'https://bench.example');
  const [sealing, bare]: [Share[], Share[]] = [[], []];
  for (let round = 0; round < (quick ? 2 : 4); round += 1) {
    for (const seals of round % 2 === 0 ? [true, false] : [false, true]) {
      const path = join(folder, `share-${round}-${seals ? 'sealing' : 'bare'}.db`);
      (seals ? sealing : bare).push(await measure(factory, path, seals, quick ? 5_000 : 20_000));
    }
  }
  const [withLog, without] = [sum(sealing), sum(bare)];
  const each = ({ cpuMicros, answered }: Share) => cpuMicros / answered;
  const describe = (share: Share) =>
    `CPU ${each(share).toFixed(1)} µs, ${Math.round(share.answered / share.seconds)}/s`;
  return [
    { label: 'an exchange, without the log', value: describe(without) },
    { label: 'an exchange, with the log', value: describe(withLog) },
    { label: '… more', value: `${((each(withLog) / each(without) - 1) * 100).toFixed(1)} %` },
  ];
}
