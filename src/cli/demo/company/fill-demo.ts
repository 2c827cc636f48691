import { join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import { createJsonLogger } from '#core/log.ts';
import { createAdminLink } from '../../server/admin-link.ts';
import { openDataDirectory } from '../../server/data-directory.ts';
import { openStorage } from '../../server/open-storage.ts';
import type { DemoSections } from '../demo-configuration.ts';
import { fillCompany } from './fill-company.ts';
import { DAY_MS } from './plan.ts';
import type { CompanyIssuers } from './start-issuers.ts';
import type { PlayedClock } from './played-clock.ts';

const WEEKS = 4;
const SEED = 7;

export interface DemoFillOptions {
  readonly home: string;
  readonly url: string;
  /** By `clock`, which stands {@link playedStartMs} ago. */
  readonly issuers: CompanyIssuers;
  readonly clock: PlayedClock;
  readonly extra?: DemoSections;
  readonly onProgress?: (text: string) => void;
}

/** Where the played clock begins, so that the last moment of the play is now. */
export function playedStartMs(): number {
  return systemClock.nowMs() - WEEKS * 7 * DAY_MS;
}

/** Fills `data` and `config` of the demo's home with four weeks of a company; the clock then goes with the machine's. */
export async function fillDemo(options: DemoFillOptions): Promise<{ requests: number; refused: number }> {
  const { home, url, issuers, clock, extra } = options;
  const startMs = clock.nowMs();
  const span = { startMs, endMs: systemClock.nowMs() };
  const site = {
    url,
    githubIssuer: issuers.github.issuer,
    gitlabIssuer: issuers.gitlab.issuer,
    peopleIssuer: issuers.people.issuer,
    mirror: join(home, 'mirror'),
    archive: join(home, 'archive.jsonl'),
    ...(extra === undefined ? {} : { extra }),
  };
  let week = 0;
  const tally = await fillCompany({
    dataFolder: join(home, 'data'),
    configFolder: join(home, 'config'),
    site,
    issuers,
    clock,
    span,
    seed: SEED,
    env: { PATH: process.env['PATH'] },
    onLog: () => {},
    onProgress(timeMs) {
      const now = Math.floor((timeMs - startMs) / (7 * DAY_MS)) + 1;
      if (now > week) options.onProgress?.(`week ${Math.min(now, WEEKS)} of ${WEEKS}`);
      week = now;
    },
  });
  clock.moveTo(systemClock.nowMs());
  const requests = [...tally.values()].reduce((sum, count) => sum + count, 0);
  return { requests, refused: requests - (tally.get('issued') ?? 0) };
}

/** A one-time link beside the one that the server prints: nothing may serve the data directory yet. */
export async function newConsoleLink(home: string, url: string): Promise<string> {
  const log = createJsonLogger({ level: 'error', now: () => systemClock.nowMs(), write: () => {} });
  const { storePath } = await openDataDirectory(join(home, 'data'));
  const storage = await openStorage({ database: undefined, path: storePath, clock: systemClock, log });
  try {
    return await createAdminLink(storage.sessions, url, systemClock);
  } finally {
    await storage.close();
  }
}
