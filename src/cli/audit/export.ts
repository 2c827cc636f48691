import { createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { LogBundle, LogDescription } from '#api/log.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import { formatTilePath, type TileAddress, TILE_WIDTH } from '#audit/log/tile.ts';
import { edgeTiles } from '#audit/log/tree-builder.ts';
import type { LogFetch } from '#audit/log/verify-log.ts';
import type { AdminClient } from '../client/admin-client.ts';
import { connectAsPerson } from '../client/connect.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatParagraph } from '../layout.ts';
import { writeAll } from '../output.ts';
import { AuditError } from './audit-error.ts';
import type { KeptEntries } from './check-events.ts';
import { formatMinimumIndex, readLogServer, RETENTION_FILE } from './log-source.ts';

/** Every tile of a log of this size. */
function* tilesOf(size: number): Generator<TileAddress> {
  for (const { level, number, width } of edgeTiles(size)) {
    for (let full = 0; full < number; full += 1) yield { level, number: full, width: TILE_WIDTH };
    if (width > 0) yield { level, number, width };
  }
}

function prepareFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new AuditError('export_refused', `${folder} is not empty`, {
      remedy: 'Name a folder that does not exist yet: an export is whole or it is nothing.',
    });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

async function copyFile(fetch: LogFetch, folder: string, name: string): Promise<Buffer> {
  const bytes = await fetch(name);
  if (bytes === undefined)
    throw new AuditError('export_refused', `the log has no ${name}`, {
      remedy: 'Check the log: vouchgate audit verify',
    });
  const file = path.join(folder, ...name.split('/'));
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, bytes, { mode: 0o600 });
  return bytes;
}

/** The events behind the entries that are kept, one a line; how many of them are not in the record any more. */
async function copyEvents(
  client: AdminClient,
  folder: string,
  { size, minimumIndex }: KeptEntries,
  onBundle: (done: number) => void,
) {
  const output = createWriteStream(path.join(folder, 'events.ndjson'), { mode: 0o600 });
  let gone = 0;
  for (let number = minimumIndex / TILE_WIDTH; number * TILE_WIDTH < size; number += 1) {
    const { openings } = await client.call({
      method: 'GET',
      path: `/v1/log/bundles/${number}`,
      schema: LogBundle,
    });
    const known = openings.filter((opening) => opening !== null && opening.index < size);
    gone += openings.filter((opening) => opening === null).length;
    const text = known.map((opening) => `${JSON.stringify(opening)}\n`).join('');
    if (!output.write(text)) await once(output, 'drain');
    onBundle(Math.min(size, (number + 1) * TILE_WIDTH));
  }
  output.end();
  await once(output, 'close');
  return gone;
}

async function run(context: CommandContext): Promise<number> {
  const { cwd, stdout, stderr, global, args } = context;
  const folder = path.resolve(cwd, args[0] ?? '');
  const client = await connectAsPerson(context);
  prepareFolder(folder);
  const fetch = readLogServer(client.server, context);
  const log = await client.call({ method: 'GET', path: '/v1/log', schema: LogDescription });
  const checkpoint = (await copyFile(fetch, folder, 'checkpoint')).toString('utf8');
  const size = parseSignedCheckpoint(checkpoint)?.checkpoint.size ?? 0;
  const minimumIndex = log.minimum_index;
  if (minimumIndex > 0)
    writeFileSync(path.join(folder, RETENTION_FILE), formatMinimumIndex(minimumIndex), { mode: 0o600 });
  for (const address of tilesOf(size)) {
    await copyFile(fetch, folder, formatTilePath(address));
    if (address.level === 0 && address.number * TILE_WIDTH >= minimumIndex)
      await copyFile(fetch, folder, formatTilePath({ ...address, level: 'entries' }));
  }
  const visible = stderr.isTTY === true && !global.quiet;
  const gone = await copyEvents(client, folder, { size, minimumIndex }, (done) => {
    if (visible) stderr.write(`\r\u001b[Kexporting: ${done} of ${size} events`);
  });
  if (visible) stderr.write('\r\u001b[K');
  const summary = {
    folder,
    entries: size - minimumIndex,
    minimumIndex,
    eventsGone: gone,
    key: log.verifier_key,
  };
  await writeAll(
    stdout,
    global.format === 'json'
      ? `${JSON.stringify(summary)}\n`
      : formatParagraph('', `${size - minimumIndex} entries with their events are in ${folder}.`) +
          formatParagraph('→ ', `vouchgate audit verify ${args[0] ?? ''} --key ${log.verifier_key}`),
  );
  return gone === 0 ? exitCodes.ok : exitCodes.negative;
}

export const exportLog = defineCommand({
  name: 'export',
  summary: 'copy the log and its events for an auditor',
  description:
    'Into a new folder: the log as it is published (C2SP tlog-tiles), and events.ndjson with the event behind each ' +
    'entry. `vouchgate audit verify FOLDER --key KEY` checks it anywhere, without this server.',
  args: [{ name: '<folder>', description: 'where to; must be new or empty' }],
  exitCodes: { '1': 'events are missing in the record that stand in the log' },
  examples: [{ explanation: 'everything until now', command: 'vouchgate audit export audit-2026' }],
  run,
});
