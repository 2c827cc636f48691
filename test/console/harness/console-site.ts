import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fillCompany, writeConfiguration } from '#cli/demo/company/fill-company.ts';
import { DAY_MS } from '#cli/demo/company/plan.ts';
import { createPlayedClock } from '#cli/demo/company/played-clock.ts';
import { type CompanyIssuers, startCompanyIssuers } from '#cli/demo/company/start-issuers.ts';
import { readConfigurationFolder } from '#cli/server/configuration-folder.ts';
import { openDataDirectory } from '#cli/server/data-directory.ts';
import { openEditableFolder } from '#cli/server/editable-folder.ts';
import { openStorage } from '#cli/server/open-storage.ts';
import { type RunningServer, startServer } from '#cli/server/start-server.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { findFreePort } from '../../e2e/harness/wait.ts';
import { buildConsole } from './built-console.ts';

const SEED = 7;

/** A company with a server that shows it, all in this process and a temporary folder. */
export interface ConsoleSite {
  readonly url: string;
  readonly home: string;
  readonly configFolder: string;
  readonly issuers: CompanyIssuers;
  newAdminLink(): Promise<string>;
  /** Puts these files in the place of all that configures the server, as somebody with an editor would. */
  configure(files: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

export interface ConsoleSiteOptions {
  /** How much of the company’s past there is. 0: a server of which nobody has asked anything. */
  readonly days: number;
  readonly onProgress?: (timeMs: number) => void;
}

export async function openConsoleSite({
  days,
  onProgress = () => {},
}: ConsoleSiteOptions): Promise<ConsoleSite> {
  const consoleFolder = await buildConsole();
  const home = await mkdtemp(path.join(tmpdir(), 'vouchgate-console-'));
  const clock = createPlayedClock(Date.now() - days * DAY_MS);
  const url = `http://127.0.0.1:${await findFreePort()}`;
  const issuers = await startCompanyIssuers(url, clock);
  const [dataFolder, configFolder] = [path.join(home, 'data'), path.join(home, 'config')];
  const site = {
    url,
    githubIssuer: issuers.github.issuer,
    gitlabIssuer: issuers.gitlab.issuer,
    peopleIssuer: issuers.people.issuer,
    mirror: path.join(home, 'mirror'),
    archive: path.join(home, 'archive.jsonl'),
  };
  const env = { PATH: process.env['PATH'] };
  const span = { startMs: clock.nowMs(), endMs: Date.now() };
  const fill = { dataFolder, configFolder, site, issuers, clock, span, seed: SEED, env };
  await fillCompany({ ...fill, onProgress, onLog: () => {} });
  clock.moveTo(Date.now());
  const server = await startShowing({ url, dataFolder, configFolder, consoleFolder, env });
  return {
    url,
    home,
    configFolder,
    issuers,
    newAdminLink: () => server.adminLink(),
    async configure(files) {
      await writeConfiguration(configFolder, files);
      const [problem] = await server.reload();
      if (problem !== undefined) throw new Error(`${problem.file}:${problem.line}: ${problem.message}`);
    },
    async close() {
      await server.close();
      await issuers.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** As `vouchgate up` starts it, on the machine's clock. */
async function startShowing(options: {
  url: string;
  dataFolder: string;
  configFolder: string;
  consoleFolder: string;
  env: Readonly<Record<string, string | undefined>>;
}): Promise<RunningServer> {
  const { dataFolder, configFolder, consoleFolder, env } = options;
  const { storePath, masterKey } = await openDataDirectory(dataFolder);
  const storage = await openStorage({
    database: undefined,
    path: storePath,
    clock: systemClock,
    log: silentLogger,
  });
  const url = new URL(options.url);
  return startServer({
    storage,
    masterKey,
    readFiles: () => readConfigurationFolder(configFolder),
    editable: openEditableFolder(configFolder),
    consoleFolder,
    listen: { host: url.hostname, port: Number(url.port) },
    tls: undefined,
    definitionsFolder: path.join(dataFolder, 'definitions'),
    env,
    clock: systemClock,
    log: silentLogger,
  });
}
