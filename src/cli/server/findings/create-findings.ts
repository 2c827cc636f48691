import { hostname } from 'node:os';
import type { FindingsSection } from '#broker/configuration/findings-section.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import { createReportReader } from '#findings/read-report-apart.ts';
import type { RuleClasses } from '#findings/tracking/correlate.ts';
import { riskAreaOf } from '#findings/risk-area.ts';
import type { RankFinding } from '#findings/search/ports.ts';
import { refreshRanks } from '#findings/search/refresh-ranks.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import type { FindingsDependencies } from '#server/dependencies.ts';
import type { Storage } from '#storage/storage.ts';
import type { Environment } from '../../command.ts';
import type { Timers } from '../timers.ts';
import { createDropFolder } from './drop-folder.ts';
import { createPriority } from './create-priority.ts';
import { loadRuleBook } from './load-rule-book.ts';
import { createGitMirror } from './git-mirror.ts';
import { createRepositoryReach } from './repository-reach.ts';
import { trackingSettingsOf } from './tracking-settings.ts';

export interface FindingsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly env: Environment;
  /** Of the configuration in force; undefined as long as there is none. */
  readonly section: () => FindingsSection | undefined;
  /** By the configuration in force. */
  readonly isPrivileged: (resource: string) => boolean;
}

const ACCEPTANCE_SECONDS = 60;
const DROP_SECONDS = 5;
const FEED_SECONDS = 10;
const REACH_SECONDS = 60;
/** Feeds, weights and reach change now and then; a report brings the ranks of its own findings along. */
const RANK_SECONDS = 300;
const PURGE_SECONDS = 3_600;

/** Our rules and what others call the same. */
async function loadRuleClasses(): Promise<RuleClasses> {
  const { rules } = await loadRuleBook();
  return rules.map(({ id, aliases }) => [`vouchgate/${id}`, ...aliases]);
}

/** Findings with all that works for them in a server. */
export function createFindings(
  options: FindingsOptions,
): FindingsDependencies & { work(timers: Timers): void } {
  const { storage, clock, log, env, section, isPrivileged } = options;
  const store = storage.findings;
  const mirror = createGitMirror({ folder: () => section()?.mirror, searchPath: env['PATH'] });
  const openRanking = async (): Promise<RankFinding> => {
    const { areas } = await loadRuleBook();
    return (finding, repository) => {
      const area = riskAreaOf(finding, areas);
      return { priority: priority.priorityOf(finding, repository).score, ...(area && { area }) };
    };
  };
  const tracker = createFindingTracker({
    openRanking,
    store,
    clock,
    settings: () => trackingSettingsOf(section()),
    ...mirror,
  });
  const reach = createRepositoryReach({
    leases: storage.broker,
    events: storage.events,
    clock,
    isPrivileged,
  });
  const priority = createPriority({ section, reach, clock, log });
  const readReport = createReportReader();
  const takeDropped = createDropFolder({ tracker, readReport, clock, log, server: hostname() });
  return {
    store,
    tracker,
    readReport,
    ruleClasses: loadRuleClasses,
    ruleBook: loadRuleBook,
    priority,
    work(timers) {
      timers.every(ACCEPTANCE_SECONDS, 'acceptances', () => tracker.endAcceptances());
      timers.every(PURGE_SECONDS, 'findings', () => store.purge(clock.nowMs()));
      timers.every(FEED_SECONDS, 'feeds', () => priority.refreshFeeds());
      timers.every(REACH_SECONDS, 'reach', () => reach.refresh());
      timers.every(RANK_SECONDS, 'ranks', async () => refreshRanks(store, await openRanking()));
      timers.every(DROP_SECONDS, 'drop-folder', async () => {
        const folder = section()?.dropFolder;
        if (folder !== undefined) await takeDropped(folder);
      });
    },
  };
}
