import { randomBytes } from 'node:crypto';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { openStorage } from '#cli/server/open-storage.ts';
import { startServer } from '#cli/server/start-server.ts';

/** What the benchmark sends first. */
export interface BenchServerSetup {
  files: Record<string, string>;
  database: string | undefined;
  storePath: string;
  port: number;
  /** False: the server believes that another one seals the log. */
  seals: boolean;
}

export interface BenchServerUsage {
  /** User and system time of all threads since the start. */
  cpuMicros: number;
  rssBytes: number;
  /** Durable commits since the start; each is one fsync of the store. */
  commits: number;
}

// The real server in a process of its own, so that what it uses can be told from what the load uses.
process.once('message', (setup: BenchServerSetup) => {
  void serve(setup);
});

async function serve(setup: BenchServerSetup): Promise<void> {
  let commits = 0;
  const storage = await openStorage({
    database: setup.database,
    path: setup.storePath,
    clock: systemClock,
    log: silentLogger,
    onCommit: () => {
      commits += 1;
    },
  });
  const log = { ...storage.log, lead: () => Promise.resolve(false) };
  const server = await startServer({
    storage: setup.seals ? storage : { ...storage, log },
    masterKey: randomBytes(32),
    readFiles: () => Promise.resolve(setup.files),
    listen: { host: '127.0.0.1', port: setup.port },
    tls: undefined,
    env: {},
    clock: systemClock,
    log: silentLogger,
  });
  if (server.problems.length > 0) process.stderr.write(`${JSON.stringify(server.problems)}\n`);
  const send = (message: object) => process.send?.(message);
  process.on('message', (message) => {
    if (message === 'usage') {
      const { user, system } = process.cpuUsage();
      const usage: BenchServerUsage = {
        cpuMicros: user + system,
        rssBytes: process.memoryUsage.rss(),
        commits,
      };
      send(usage);
    } else {
      void server.close().then(() => process.disconnect?.());
    }
  });
  send({ url: server.url });
}
