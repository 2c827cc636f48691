import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import { createReportReader } from '#findings/read-report-apart.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import type { Storage } from '#storage/storage.ts';
import { constructSarif } from '../import/construct-sarif.ts';

const REPOSITORIES = 20;

/** So many findings, as reports of as many repositories bring them. */
export async function recordFindings(storage: Storage, count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  const file = join(folder, 'report.sarif');
  const text = constructSarif(Math.ceil(count / REPOSITORIES));
  const tracker = createFindingTracker({
    store: storage.findings,
    clock: systemClock,
    settings: () => defaultTrackingSettings,
  });
  const readReport = createReportReader();
  try {
    await writeFile(file, text);
    const { report } = await readReport(file, Buffer.from(text), undefined);
    for (let repository = 0; repository < REPOSITORIES; repository += 1) {
      await tracker.takeIn({
        report,
        name: 'report.sarif',
        repository: `acme/service-${repository}`,
        actor: { kind: 'server', id: 'bench' },
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
