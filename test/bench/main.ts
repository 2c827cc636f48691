import { parseArgs } from 'node:util';
import { type BenchReport, formatReport } from './report.ts';

type Bench = { run(options: { quick: boolean }): Promise<BenchReport> };

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  accuracy: () => import('./accuracy.bench.ts'),
  compare: () => import('./compare.bench.ts'),
  console: () => import('./console.bench.ts'),
  exchange: () => import('./exchange.bench.ts'),
  findings: () => import('./findings.bench.ts'),
  import: () => import('./import.bench.ts'),
  log: () => import('./log.bench.ts'),
  organisation: () => import('./organisation.bench.ts'),
  platforms: () => import('./platforms.bench.ts'),
  policy: () => import('./policy.bench.ts'),
  posture: () => import('./posture.bench.ts'),
  storage: () => import('./storage.bench.ts'),
  scan: () => import('./scan.bench.ts'),
  secrets: () => import('./secrets.bench.ts'),
  sinks: () => import('./sinks.bench.ts'),
  start: () => import('./start.bench.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const [name = ''] = positionals;
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (load === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--quick] [--json]\n`);
  process.exitCode = 2;
} else {
  const report = await (await load()).run({ quick: values.quick });
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
}
