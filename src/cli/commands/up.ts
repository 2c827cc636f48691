import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatProblem } from '#core/config/problem.ts';
import { createJsonLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { writeAll } from '../output.ts';
import { untilStopped } from '../server/until-stopped.ts';

const DEFAULT_LISTEN = '127.0.0.1:8440';

const options = {
  config: { value: 'DIR', description: 'folder with vouchgate.yaml and policies/ (default: DATA/config)' },
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
  // Loaded here, for the help of a command must not pay for the whole server.
  const { openDataDirectory } = await import('../server/data-directory.ts');
  const folder = await import('../server/configuration-folder.ts');
  const { startServer } = await import('../server/start-server.ts');
  const { openStorage } = await import('../server/open-storage.ts');
  const { writeStarterConfiguration } = await import('../server/starter-configuration.ts');

  const { clock, cwd } = context;
  const log = createJsonLogger({
    level: context.env['VOUCHGATE_LOG'] === 'debug' ? 'debug' : 'info',
    now: () => clock.nowMs(),
    write: (line) => context.stderr.write(line),
  });
  const listen = parseListen(context.options.listen ?? DEFAULT_LISTEN);
  const tls = await readTls(context);
  const masterKeyFile = context.options['master-key-file'];
  const data = await openDataDirectory(
    resolve(cwd, context.options.data ?? '.vouchgate'),
    masterKeyFile === undefined ? undefined : resolve(cwd, masterKeyFile),
  );
  const configFolder = resolve(cwd, context.options.config ?? `${data.path}/config`);
  if (context.options.config === undefined) {
    const url = `${tls === undefined ? 'http' : 'https'}://${listen.host}:${listen.port}`;
    await writeStarterConfiguration(configFolder, url).catch(ignoreExisting);
  }
  const database = context.options.database ?? context.env['VOUCHGATE_DATABASE_URL'];
  const storage = await openStorage({ database, path: data.storePath, clock, log });
  const server = await startServer({
    storage,
    masterKey: data.masterKey,
    readFiles: () => folder.readConfigurationFolder(configFolder),
    listen,
    tls,
    env: context.env,
    clock,
    log,
  });
  for (const problem of server.problems) context.stderr.write(`${formatProblem(problem)}\n`);
  const link = data.isNew || context.options['admin-link'] ? await server.adminLink() : undefined;
  await writeAll(context.stdout, greeting(server, configFolder, link));

  const reload = async (): Promise<void> => {
    for (const problem of await server.reload()) log.warn('configuration.refused', { ...problem });
  };
  const watcher = folder.watchConfigurationFolder(configFolder, () => void reload());
  const onHangup = (): void => void reload();
  process.on('SIGHUP', onHangup);
  await untilStopped();
  process.off('SIGHUP', onHangup);
  watcher.close();
  await server.close();
  return 0;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** `127.0.0.1:8440`, `[::1]:8440`, `0.0.0.0:0`. */
export function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new CommandError('usage_invalid', `--listen ${text} is not HOST:PORT.`, {
      remedy: `For example: --listen ${DEFAULT_LISTEN}`,
    });
  }
  return { host: match[1] ?? match[2] ?? '', port };
}

async function readTls(
  context: CommandContext<typeof options>,
): Promise<{ certPem: string; keyPem: Secret } | undefined> {
  const { 'tls-cert': cert, 'tls-key': key } = context.options;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new CommandError('usage_invalid', '--tls-cert and --tls-key go together.', {
      remedy: 'Give both, or none.',
    });
  }
  return {
    certPem: await readFile(resolve(context.cwd, cert), 'utf8'),
    keyPem: new Secret(await readFile(resolve(context.cwd, key), 'utf8')),
  };
}

function greeting(
  server: { url: string; publicUrl: string; configuration: string },
  configFolder: string,
  link: string | undefined,
): string {
  const lines = [
    `Vouchgate listens on ${server.url}`,
    `  public URL      ${server.publicUrl}`,
    `  configuration   ${configFolder} (${server.configuration})`,
  ];
  if (server.configuration === 'restored')
    lines.push('  The files have mistakes; the last good version is in force.');
  if (server.configuration === 'none')
    lines.push('  No valid configuration: every request is denied until it is mended.');
  if (link !== undefined)
    lines.push('', 'One-time admin link, good for 15 minutes:', `  ${link}`, `  vouchgate login '${link}'`);
  return `${lines.join('\n')}\n`;
}
