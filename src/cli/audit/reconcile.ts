import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { LogDescription } from '#api/log.ts';
import { ParkedList, type Sink, SinkList } from '#api/sink.ts';
import { compareCopy, type CopyComparison, type CopyFault } from '#audit/outbox/compare-copy.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import type { CopyRange } from '#audit/sinks/sink.ts';
import type { ConfiguredSink } from '#broker/configuration/sinks-section.ts';
import { loadConfiguration } from '#broker/configuration/load-configuration.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { readSecretReference } from '#core/config/secret-reference.ts';
import type { AdminClient } from '../client/admin-client.ts';
import { connectAsPerson } from '../client/connect.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatFields, formatParagraph } from '../layout.ts';
import { printable, writeAll } from '../output.ts';
import { findFolder } from '../policy/open-configuration.ts';
import { readConfigurationFolder } from '../server/configuration-folder.ts';
import { AuditError } from './audit-error.ts';
import { findKnownLog } from './known-logs.ts';
import { parseKey, readLogServer } from './log-source.ts';
import { proveLog } from './proven-openings.ts';

const options = {
  file: { value: 'file', description: 'compare this export of the copy (NDJSON), not the sink itself' },
  config: {
    value: 'DIR',
    description: 'folder with vouchgate.yaml (default: ., ./vouchgate or .vouchgate/config)',
  },
  key: { value: 'vkey', description: 'the key of the log; by default the one that was seen first' },
} as const;
type ReconcileContext = CommandContext<typeof options>;

const PARKED_PAGE = 1_000;
const FAULTS_SHOWN = 50;

function unreadable(message: string, remedy: string): AuditError {
  return new AuditError('copy_not_readable', message, { remedy });
}

async function findSink(client: AdminClient, name: string): Promise<Sink> {
  const { sinks } = await client.call({ method: 'GET', path: '/v1/sinks', schema: SinkList });
  const sink = sinks.find((each) => each.name === name);
  if (sink !== undefined) return sink;
  throw unreadable(`the server has no sink "${name}"`, 'List them: vouchgate audit sinks');
}

async function readParked(client: AdminClient, name: string): Promise<ReadonlySet<number>> {
  const indexes = new Set<number>();
  for (let after: number | null | undefined; after !== null; ) {
    const page: ParkedList = await client.call({
      method: 'GET',
      path: `/v1/sinks/${encodeURIComponent(name)}/parked`,
      query: { limit: PARKED_PAGE, after },
      schema: ParkedList,
    });
    for (const { index } of page.parked) indexes.add(index);
    after = page.next;
  }
  return indexes;
}

async function* readExport(file: string): AsyncGenerator {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) if (line.trim() !== '') yield line;
}

async function findConfigured(context: ReconcileContext, name: string) {
  const folder = await findFolder(context.cwd, context.options.config);
  const load = await loadConfiguration(await readConfigurationFolder(folder));
  if (!load.ok) {
    const [first] = load.problems;
    throw unreadable(
      `the configuration is not valid: ${first?.message ?? ''}`,
      first?.remedy ?? 'vouchgate doctor',
    );
  }
  const sink = load.configuration.sinks.find((each) => each.name === name);
  if (sink === undefined)
    throw unreadable(`${folder} has no sink "${name}"`, 'Name its folder with --config DIR.');
  return { sink, allowPrivateHosts: load.configuration.allowPrivateHosts };
}

/** Straight from the receiver, with credentials of this machine: the server has no part in it. */
async function openCopy(context: ReconcileContext, name: string, range: CopyRange) {
  const { sink, allowPrivateHosts } = await findConfigured(context, name);
  const { kind, settings }: Pick<ConfiguredSink, 'kind' | 'settings'> = sink;
  if (kind.readCopy === undefined)
    throw unreadable(
      `a sink of type ${kind.id} cannot be read back`,
      'Export the events from the receiver, one JSON object a line, and give the file with --file.',
    );
  const { clock, log, env } = context;
  const proxyUrl = env['HTTPS_PROXY'] ?? env['https_proxy'];
  const network = createBoundedFetch({
    clock,
    log,
    trust: { allowPrivateHosts: [...allowPrivateHosts] },
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
  });
  const documents = kind.readCopy(
    settings,
    {
      clock,
      log,
      fetch: network.fetch,
      allowPrivateHosts,
      resolveSecret: async (reference) => {
        if (!('sealed' in reference)) return readSecretReference(reference, env);
        throw unreadable(
          `the secret "${reference.sealed}" is sealed in the server and never leaves it`,
          'Use a configuration with a reading credential as { env: NAME }, or give an export with --file.',
        );
      },
      sleep: async (ms, signal) => {
        await delay(ms, undefined, { signal });
      },
    },
    range,
  );
  return { documents, close: () => network.close() };
}

function describeFault({ index, problem, excerpt }: CopyFault): string {
  const what = excerpt === undefined ? '' : `: ${printable(excerpt)}`;
  return `  ${index === undefined ? 'no entry' : `entry ${index}`} ${problem}${what}\n`;
}

function describe(name: string, range: CopyRange, found: CopyComparison): string {
  const { faults, faultsAll } = found;
  const whole = faultsAll === 0;
  const count = range.until - range.from;
  const head = whole
    ? `The copy in ${name} is complete and unaltered: ${found.proven} of ${count} entries are proven by the log.`
    : `The copy in ${name} is NOT what the log says: ${faultsAll} differences.`;
  const shown = faults.slice(0, FAULTS_SHOWN).map(describeFault).join('');
  const more = faultsAll > FAULTS_SHOWN ? `  and ${faultsAll - FAULTS_SHOWN} more\n` : '';
  const notes = formatFields([
    ['entries', `${range.from} to ${range.until}, not included`],
    ['parked', found.parked === 0 ? undefined : `${found.parked} (vouchgate audit sinks ${name})`],
    ['twice', found.duplicates === 0 ? undefined : `${found.duplicates}, and equal`],
    ['pruned', found.pruned === 0 ? undefined : `${found.pruned} not in the log any more, not compared`],
    ['personal', found.erased === 0 ? undefined : `${found.erased} erased in the record, not compared`],
  ]);
  return `${formatParagraph('', head)}${shown}${more}${notes}`;
}

async function run(context: ReconcileContext): Promise<number> {
  const { args, stdout, stderr, global, cwd, env } = context;
  const name = args[0] ?? '';
  const client = await connectAsPerson(context);
  const log = await client.call({ method: 'GET', path: '/v1/log', schema: LogDescription });
  const known = await findKnownLog(env, log.origin);
  const visible = stderr.isTTY === true && !global.quiet;
  const show = (text: string) => (visible ? stderr.write(`\r\u001b[K${text}`) : undefined);
  // Before the log is read: what is settled by now stands in the log that is verified next.
  const sink = await findSink(client, name);
  const parked = await readParked(client, name);
  const proven = await proveLog({
    client,
    fetch: readLogServer(client.server, context),
    key: parseKey(context.options.key ?? known?.key ?? log.verifier_key),
    earlier: known === undefined ? undefined : parseSignedCheckpoint(known.checkpoint),
    minimumIndex: log.minimum_index,
    onProgress: (done, all) => show(`checking the log: ${done} of ${all} entries`),
  });
  if (!proven.ok) {
    show('');
    throw new AuditError('log_not_whole', `the log is not whole: ${proven.fault.message}`, {
      remedy: 'Look at it first: vouchgate audit verify',
    });
  }
  const { size } = proven.signed.checkpoint;
  const from = Math.max(sink.firstIndex, log.minimum_index);
  const range: CopyRange = { from: Math.min(from, size), until: Math.min(sink.nextIndex, size) };
  const copy =
    context.options.file === undefined
      ? await openCopy(context, name, { from: range.from, until: size })
      : { documents: readExport(path.resolve(cwd, context.options.file)), close: async () => {} };
  try {
    const found = await compareCopy({
      documents: copy.documents,
      origin: log.origin,
      range,
      size,
      parked,
      minimumIndex: log.minimum_index,
      openingsOf: proven.openingsOf,
      onProgress: (done) => show(`comparing: ${done} documents`),
    });
    show('');
    const body = { sink: name, complete: found.faultsAll === 0, range, size, ...found };
    await writeAll(
      stdout,
      global.format === 'json' ? `${JSON.stringify(body)}\n` : describe(name, range, found),
    );
    return found.faultsAll === 0 ? exitCodes.ok : exitCodes.negative;
  } finally {
    await copy.close();
  }
}

export const reconcile = defineCommand({
  name: 'reconcile',
  summary: 'prove that the copy in a SIEM is complete and unaltered',
  description:
    'Verifies the log of the server, then reads the copy straight from the sink, with the credentials of this machine, ' +
    'and compares every document with its entry: what was deleted, altered or added is named. Entries that are not ' +
    'settled yet are not missed. What cannot be read back is compared from an export, with --file.',
  args: [{ name: '<sink>', description: 'name of the sink in the configuration' }],
  options,
  examples: [
    { explanation: 'the SIEM as it is now', command: 'vouchgate audit reconcile siem --config ./vouchgate' },
    { explanation: 'an export of it', command: 'vouchgate audit reconcile siem --file export.ndjson' },
  ],
  exitCodes: { '1': 'the copy is not what the log says' },
  run,
});
