import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { createReportReader } from '#findings/read-report-apart.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';

/** Reads, matches and stores one report several times in a store of its own, and says how long each took. */
const [, , file = '', times = '2'] = process.argv;
const folder = await mkdtemp(join(tmpdir(), 'vouchgate-findings-'));
try {
  const storage = await openSqliteStorage({
    path: join(folder, 'store.db'),
    log: silentLogger,
    clock: systemClock,
  });
  const tracker = createFindingTracker({
    store: storage.findings,
    clock: systemClock,
    settings: () => defaultTrackingSettings,
  });
  const readReport = createReportReader();
  const runs = [];
  for (let run = 0; run < Number(times); run += 1) {
    const started = performance.now();
    const { report } = await readReport(file, await readFile(file), undefined);
    const readMs = performance.now() - started;
    const stored = await tracker.takeIn({
      report,
      name: 'report',
      repository: 'acme/shop',
      actor: { kind: 'server', id: 'bench' },
    });
    const sum = (of: 'new' | 'fixed' | 'stillThere') =>
      stored.counts.reduce((total, counts) => total + counts[of], 0);
    runs.push({
      findings: report.findings.length,
      readMs,
      totalMs: performance.now() - started,
      new: sum('new'),
      stillThere: sum('stillThere'),
      fixed: sum('fixed'),
    });
  }
  await storage.close();
  process.stdout.write(JSON.stringify(runs));
} finally {
  await rm(folder, { recursive: true, force: true });
}
