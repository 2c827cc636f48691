import { PrioritySection } from '#broker/configuration/priority-section.ts';
import type { Clock } from '#core/clock.ts';
import { computePriority } from '#findings/priority/priority.ts';
import { priorityFactsOf } from '#findings/priority/priority-facts.ts';
import { readReport } from '#findings/read-report.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { FindingsDependencies } from './dependencies.ts';

/** The real tracker on a store that forgets. */
export function createTestFindings(clock: Clock): FindingsDependencies {
  const store = openMemoryStorage().findings;
  const weights = PrioritySection.parse({});
  return {
    store,
    tracker: createFindingTracker({ store, clock, settings: () => defaultTrackingSettings }),
    readReport: async (name, bytes, as) => {
      const { report, importer } = readReport(name, Buffer.from(bytes), as === undefined ? {} : { as });
      return { report, kinds: importer.kinds };
    },
    ruleClasses: async () => [['sample/no-eval', 'other/eval']],
    priority: {
      priorityOf: (finding, repository) => {
        const reach = repository === 'acme/shop' ? 'production' : 'unknown';
        return computePriority(priorityFactsOf(finding, reach), weights);
      },
      warnings: () => ['the KEV feed is not read yet'],
    },
  };
}
