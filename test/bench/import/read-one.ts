import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { readReport } from '#findings/read-report.ts';

/** One report in a process of its own, so that its memory can be told: `node read-one.ts <file>`. */
const [file = ''] = process.argv.slice(2);
const start = performance.now();
const before = process.cpuUsage();
const { importer, report } = readReport(file, readFileSync(file));
const readMs = performance.now() - start;
const used = process.cpuUsage(before);
const cpuMs = (used.user + used.system) / 1_000;
process.stdout.write(
  JSON.stringify({ importer: importer.id, findings: report.findings.length, readMs, cpuMs }),
);
