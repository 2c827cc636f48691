import { resolve } from 'node:path';
import { formatProblem } from '#core/config/problem.ts';
import { createJsonLogger, type Logger } from '#core/log.ts';
import type { Storage } from '#storage/storage.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { writeAll } from '../output.ts';
import { DEFAULT_LISTEN, firstUrl, parseListen } from '../server/listen-address.ts';
import type { StoreCommits } from '../server/telemetry/open-telemetry.ts';
import { untilStopped } from '../server/until-stopped.ts';

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[::1\])$/;

const options = {
  config: { value: 'DIR', description: 'folder with vouchgate.yaml and policies/ (default: DATA/config)' },
  editable: { description: 'let approved proposals change the files of --config' },
  data: { value: 'DIR', description: 'data directory: keys and the embedded store (default: .vouchgate)' },
  database: {
    value: 'URL',
    description:
      'PostgreSQL instead of the embedded store; VOUCHGATE_DATABASE_URL keeps its password off the process list',
  },
  listen: { value: 'HOST:PORT', description: `where to listen (default: ${DEFAULT_LISTEN})` },
  'tls-cert': { value: 'FILE', description: 'certificate chain (PEM), to serve https' },
  'tls-key': { value: 'FILE', description: 'its private key (PEM)' },
  'master-key-file': {
    value: 'FILE',
    description: 'master key, base64 (default: DATA/master.key, made on first start)',
  },
  'admin-link': { description: 'print a new one-time admin link, as the first start does' },
} as const;

export const command = defineCommand({
  name: 'up',
  summary: 'run the server',
  description:
    'Runs until it is stopped. Without options everything lives in one data directory; several servers can share one PostgreSQL with --database and the same master key. The configuration is read again when it changes, and on SIGHUP: a file with a mistake changes nothing.',
  options,
  examples: [
    { command: 'vouchgate up', explanation: 'embedded store in ./.vouchgate' },
    {
      command: 'vouchgate up --config ./vouchgate --listen 0.0.0.0:8440 --tls-cert c.pem --tls-key k.pem',
      explanation: 'configuration from a checkout, TLS of its own',
    },
  ],
  run,
});

async function run(context: CommandContext<typeof options>): Promise<number> {
  // Before anything is opened: whoever stops it while it starts gets an orderly end, too.
  const stopped = untilStopped();
  // Loaded here, for the help of a command must not pay for the whole server.
  const folder = await import('../server/configuration-folder.ts');
  const { startServer } = await import('../server/start-server.ts');

  const log = createJsonLogger({
    level: context.env['VOUCHGATE_LOG'] === 'debug' ? 'debug' : 'info',
    now: () => context.clock.nowMs(),
    write: (line) => context.stderr.write(line),
  });
  const { openEditableFolder } = await import('../server/editable-folder.ts');
  const { findConsoleFolder } = await import('../server/console/console-folder.ts');
  const consoleFolder = findConsoleFolder();
  const { configFolder, isEditable, isFirstStart, ...prepared } = await prepare(context, log);
  const editable = openEditableFolder(configFolder);
  const server = await startServer({
    ...prepared,
    readFiles: () => editable.read(),
    ...(isEditable ? { editable } : {}),
    consoleFolder,
    env: context.env,
    clock: context.clock,
    log,
  });
  let shown = JSON.stringify(server.problems);
  const reload = async (): Promise<void> => {
    const problems = await server.reload();
    // The folder is looked at every few seconds: the same mistake is said once.
    if (shown === JSON.stringify(problems)) return;
    shown = JSON.stringify(problems);
    for (const problem of problems) log.warn('configuration.refused', { ...problem });
  };
  const onHangup = (): void => void reload();
  process.on('SIGHUP', onHangup);
  const watcher = folder.watchConfigurationFolder(configFolder, onHangup);
  try {
    for (const problem of server.problems) context.stderr.write(`${formatProblem(problem)}\n`);
    const link = isFirstStart || context.options['admin-link'] ? await server.adminLink() : undefined;
    await writeAll(
      context.stdout,
      greeting({ ...server, hasConsole: consoleFolder !== undefined }, configFolder, link),
    );
    await stopped;
  } finally {
    process.off('SIGHUP', onHangup);
    watcher.close();
    await server.close();
  }
  return 0;
}

/** Everything that can be wrong with how it was called is found here, before anything listens. */
async function prepare(context: CommandContext<typeof options>, log: Logger) {
  const { openDataDirectory } = await import('../server/data-directory.ts');
  const { readConfigurationFolder } = await import('../server/configuration-folder.ts');
  const { openStorage } = await import('../server/open-storage.ts');
  const { writeStarterConfiguration } = await import('../server/starter-configuration.ts');
  const { readTls } = await import('../server/read-tls.ts');

  const { clock, cwd } = context;
  const given = context.options;
  const listen = parseListen(given.listen ?? DEFAULT_LISTEN);
  const tls = await readTls(cwd, { cert: given['tls-cert'], key: given['tls-key'] }, clock.nowMs());
  const masterKeyFile = given['master-key-file'];
  const data = await openDataDirectory(
    resolve(cwd, given.data ?? '.vouchgate'),
    masterKeyFile === undefined ? undefined : resolve(cwd, masterKeyFile),
  );
  const configFolder = resolve(cwd, given.config ?? `${data.path}/config`);
  if (given.config === undefined) {
    await writeStarterConfiguration(configFolder, firstUrl(listen, tls !== undefined));
  }
  // Its own folder, or one that it was given with leave to change it; a checkout is changed by commits.
  const isEditable = given.config === undefined || given.editable;
  const database = given.database ?? context.env['VOUCHGATE_DATABASE_URL'];
  const storeCommits: StoreCommits = {};
  const onCommit = (calls: number) => storeCommits.listener?.(calls);
  const storage = await openStorage({ database, path: data.storePath, clock, log, onCommit });
  try {
    const isFirstStart = await isFirst(storage);
    // Later the last good version would stand in for a folder that is gone; on a first start it is a slip.
    if (isFirstStart) await readConfigurationFolder(configFolder);
    const definitionsFolder = `${data.path}/definitions`;
    const { masterKey } = data;
    return {
      storage,
      storeCommits,
      masterKey,
      isFirstStart,
      configFolder,
      isEditable,
      definitionsFolder,
      listen,
      tls,
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** A start that failed does not count: whoever corrects it and tries again still needs the admin link. */
async function isFirst(storage: Storage): Promise<boolean> {
  return (await storage.events.list({ types: ['server.started'], limit: 1 })).length === 0;
}

function greeting(
  server: { url: string; publicUrl: string; configuration: string; hasConsole: boolean },
  configFolder: string,
  link: string | undefined,
): string {
  const lines = [
    `Vouchgate listens on ${server.url}`,
    `  public URL      ${server.publicUrl}`,
    ...(server.hasConsole ? [`  console         ${server.publicUrl}/console/`] : []),
    `  configuration   ${configFolder} (${server.configuration})`,
  ];
  if (server.configuration === 'restored')
    lines.push('  The files have mistakes; the last good version is in force.');
  if (server.configuration === 'none')
    lines.push('  No valid configuration: every request is denied until it is mended.');
  if (!isReachedAt(server.publicUrl, server.url))
    lines.push(`  ! The public URL is not this address: change \`url\` there, and start again.`);
  if (link !== undefined)
    lines.push('', 'One-time admin link, good for 15 minutes:', `  ${link}`, `  vouchgate login '${link}'`);
  return `${lines.join('\n')}\n`;
}

/** False when the public URL is of this machine, but of another port or scheme: nobody would get here by it. */
function isReachedAt(publicUrl: string, listening: string): boolean {
  const [outside, inside] = [new URL(publicUrl), new URL(listening)];
  if (!LOOPBACK.test(outside.hostname)) return true;
  return outside.port === inside.port && outside.protocol === inside.protocol;
}
