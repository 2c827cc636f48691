import { PrioritySection } from '#broker/configuration/priority-section.ts';
import type { Clock } from '#core/clock.ts';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import { riskAreaOf } from '#findings/risk-area.ts';
import { createRuleBook } from '#findings/rule-book.ts';
import { computePriority } from '#findings/priority/priority.ts';
import { priorityFactsOf } from '#findings/priority/priority-facts.ts';
import { readReport } from '#findings/read-report.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { FindingsDependencies } from './dependencies.ts';

const EVAL_RULE = {
  id: 'sample-eval',
  title: 'Text becomes code',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-95'], cis: ['2.3.1'] },
  description: 'Looks for eval.',
  why: 'Whoever writes the text runs code.',
  remedy: 'Do not.',
  references: ['https://cwe.mitre.org/data/definitions/95.html'],
  aliases: ['sample/no-eval'],
} as const;

/** The real tracker on a store that forgets. */
export function createTestFindings(clock: Clock): FindingsDependencies {
  const store = openMemoryStorage().findings;
  const weights = PrioritySection.parse({});
  const priority: FindingsDependencies['priority'] = {
    priorityOf: (finding, repository) => {
      const reach = repository === 'acme/shop' ? 'production' : 'unknown';
      return computePriority(priorityFactsOf(finding, reach), weights);
    },
    warnings: () => ['the KEV feed is not read yet'],
  };
  const book = createRuleBook([EVAL_RULE], {
    'sample-eval': { bad: '# --- a.yml\nrun: eval\n', good: '# --- a.yml\nrun: safe\n' },
  });
  const areaOf = (finding: ReportedFinding) => {
    const area = riskAreaOf(finding, book.areas);
    return area === undefined ? {} : { area };
  };
  return {
    store,
    tracker: createFindingTracker({
      store,
      clock,
      settings: () => defaultTrackingSettings,
      openRanking: async () => (finding, repository) => ({
        priority: priority.priorityOf(finding, repository).score,
        ...areaOf(finding),
      }),
    }),
    readReport: async (name, bytes, as) => {
      const { report, importer } = readReport(name, Buffer.from(bytes), as === undefined ? {} : { as });
      return { report, kinds: importer.kinds };
    },
    ruleClasses: async () => [['sample/no-eval', 'other/eval']],
    ruleBook: async () => book,
    priority,
  };
}
