import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createJsonLogger } from '#core/log.ts';
import type { Environment } from '../../command.ts';
import { createHttpSend } from '../../client/http-send.ts';
import { readConfigurationFolder } from '../../server/configuration-folder.ts';
import { openDataDirectory } from '../../server/data-directory.ts';
import { openStorage } from '../../server/open-storage.ts';
import { startServer } from '../../server/start-server.ts';
import { companyConfiguration, type CompanySite } from './company-configuration.ts';
import { createCompanyPeople } from './company-people.ts';
import type { PlayedSpan } from './plan.ts';
import { planCompany } from './plan-company.ts';
import { playCompany } from './play-company.ts';
import { createCompanyJobs, type Tally } from './play-jobs.ts';
import { createPlayedTimers } from './played-timers.ts';
import type { PlayedClock } from './played-clock.ts';
import type { CompanyIssuers } from './start-issuers.ts';
import { writeHistory } from './write-history.ts';

export interface FillOptions {
  readonly dataFolder: string;
  readonly configFolder: string;
  readonly site: CompanySite;
  readonly issuers: CompanyIssuers;
  /** What the issuers go by as well. It stands at the beginning of the span, and at its end when all is done. */
  readonly clock: PlayedClock;
  readonly span: PlayedSpan;
  readonly seed: number;
  readonly env: Environment;
  readonly onProgress: (timeMs: number) => void;
  /** Lines of the server's log. */
  readonly onLog: (line: string) => void;
}

/** Puts these files in the place of the configuration in the folder. */
export async function writeConfiguration(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await rm(path.join(folder, 'policies'), { recursive: true, force: true });
  await mkdir(path.join(folder, 'policies'), { recursive: true, mode: 0o700 });
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
}

/**
 * Fills a data directory with a company's weeks, by running the real server on a clock that goes fast: what is
 * recorded was asked for, decided and signed as ever. The server is closed when it returns: how the jobs fared.
 */
export async function fillCompany(options: FillOptions): Promise<Tally> {
  const { dataFolder, configFolder, site, issuers, clock, span, env } = options;
  const log = createJsonLogger({ level: 'info', now: () => clock.nowMs(), write: options.onLog });
  const plan = planCompany(span, options.seed, { hasDatabase: site.extra !== undefined });
  const hashes = await writeHistory(site.mirror, plan.commits, env['PATH']);
  await writeConfiguration(configFolder, companyConfiguration(site, 0));
  const { storePath, masterKey } = await openDataDirectory(dataFolder);
  const storage = await openStorage({ database: undefined, path: storePath, clock, log });
  const timers = createPlayedTimers(clock, log);
  const url = new URL(site.url);
  const server = await startServer({
    storage,
    masterKey,
    readFiles: () => readConfigurationFolder(configFolder),
    listen: { host: url.hostname, port: Number(url.port) },
    tls: undefined,
    definitionsFolder: path.join(dataFolder, 'definitions'),
    env,
    clock,
    log,
    timers,
  });
  try {
    const send = createHttpSend({ env: {} });
    const jobs = createCompanyJobs({ server: site.url, send, issuers, hashes, clock });
    const people = createCompanyPeople({ server: site.url, send, clock });
    const configure = async (version: number): Promise<void> => {
      await writeConfiguration(configFolder, companyConfiguration(site, version));
      await server.reload();
    };
    await playCompany(
      { jobs, people, hashes, clock, timers, configure },
      plan.steps,
      span.endMs,
      options.onProgress,
    );
    return jobs.tally;
  } finally {
    await server.close();
  }
}
