import type { FindingsSection } from '#broker/configuration/findings-section.ts';
import { PrioritySection } from '#broker/configuration/priority-section.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import { readEpssScores, readExploitedCatalogue } from '#findings/priority/exploit-feeds.ts';
import { computePriority } from '#findings/priority/priority.ts';
import { priorityFactsOf } from '#findings/priority/priority-facts.ts';
import type { PrioritySource } from '#findings/priority/priority-source.ts';
import { createFeedFile, type FeedFile } from './feed-file.ts';
import type { RepositoryReach } from './repository-reach.ts';

export interface PriorityOptions {
  /** Of the configuration in force; undefined as long as there is none. */
  readonly section: () => FindingsSection | undefined;
  readonly reach: Pick<RepositoryReach, 'reachOf'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const DAY_MS = 86_400_000;
/** Both feeds change every few days. */
const FEED_DAYS_MAX = 30;

/** A feed that nobody renews knows of nothing new: that must not look like "nothing new is exploited". */
function warningsOf(
  title: string,
  file: string | undefined,
  feed: FeedFile<{ readonly date: string | undefined }>,
  nowMs: number,
): readonly string[] {
  const content = feed.content();
  const failed = feed.warning();
  if (failed !== undefined) return [failed];
  if (content === undefined) return file === undefined ? [] : [`the ${title} feed is not read yet`];
  const isOld = content.date !== undefined && nowMs - Date.parse(content.date) > FEED_DAYS_MAX * DAY_MS;
  return isOld ? [`the ${title} feed is of ${content.date}`] : [];
}

/** Priorities by what is configured, what the feeds say and what pipelines got. */
export function createPriority(options: PriorityOptions): PrioritySource & { refreshFeeds(): Promise<void> } {
  const { section, reach, clock, log } = options;
  const defaults = PrioritySection.parse({});
  const epss = createFeedFile({ title: 'EPSS', parse: readEpssScores, log });
  const kev = createFeedFile({ title: 'KEV', parse: readExploitedCatalogue, log });
  return {
    priorityOf(finding, repository) {
      const feeds = { epss: epss.content()?.scores, exploited: kev.content()?.exploited };
      const facts = priorityFactsOf(finding, reach.reachOf(repository), feeds);
      return computePriority(facts, section()?.priority ?? defaults);
    },
    warnings() {
      const files = section()?.feeds;
      const nowMs = clock.nowMs();
      return [...warningsOf('EPSS', files?.epss, epss, nowMs), ...warningsOf('KEV', files?.kev, kev, nowMs)];
    },
    async refreshFeeds() {
      const files = section()?.feeds;
      await epss.refresh(files?.epss);
      await kev.refresh(files?.kev);
    },
  };
}
