import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LogDescription } from '#api/log.ts';
import { formatVerifierKey, type NoteVerifier } from '#audit/log/note-key.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import { formatSignedNote } from '#audit/log/signed-note.ts';
import { type LogFetch, type LogVerdict, verifyLog } from '#audit/log/verify-log.ts';
import { connectAnonymously } from '../client/connect.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatFields, formatParagraph } from '../layout.ts';
import { formatTime, writeAll } from '../output.ts';
import { AuditError } from './audit-error.ts';
import { checkEvents, type EventCheck } from './check-events.ts';
import { findKnownLog, type KnownLog, rememberLog } from './known-logs.ts';
import { parseKey, readLogFolder, readLogServer, readMinimumIndex, RETENTION_FILE } from './log-source.ts';
import { describeReceipts, readReceipts, verifyReceipts } from './verify-receipt.ts';

const options = {
  key: { value: 'vkey', description: 'the key of the log; only the first time for a server' },
  events: { value: 'file', description: 'compare these events (events.ndjson of an export) with the log' },
  witness: {
    value: 'vkey',
    repeatable: true,
    description: 'key of a witness that must have cosigned a receipt',
  },
} as const;
type VerifyContext = CommandContext<typeof options>;

/** A log as it was found, and where its key came from. */
interface FoundLog {
  readonly fetch: LogFetch;
  readonly key: NoteVerifier;
  readonly known: KnownLog | undefined;
  readonly keyFrom: 'given' | 'remembered' | 'server';
  /** Of an export, when it is there. */
  readonly events: string | undefined;
  /** The first entry that is said to be kept. */
  readonly minimumIndex: number;
  /** Asks again: the log may be pruned while it is read. */
  readonly askMinimumIndex: () => Promise<number>;
}

function keyMissing(): AuditError {
  return new AuditError('log_key_missing', 'there is no key to check this with', {
    remedy: 'Give --key, which `vouchgate audit key` prints where the server is trusted.',
  });
}

async function findFolder(context: VerifyContext, folder: string): Promise<FoundLog> {
  const fetch = readLogFolder(folder);
  const text = (await fetch('checkpoint'))?.toString('utf8') ?? '';
  const origin = parseSignedCheckpoint(text)?.checkpoint.origin ?? '';
  const known = await findKnownLog(context.env, origin);
  const { key } = context.options;
  if (key === undefined && known === undefined) throw keyMissing();
  const events = path.join(folder, 'events.ndjson');
  const minimumIndex = readMinimumIndex(await fetch(RETENTION_FILE));
  return {
    fetch,
    key: parseKey(key ?? known?.key ?? ''),
    known,
    keyFrom: key === undefined ? 'remembered' : 'given',
    events: lstatSync(events, { throwIfNoEntry: false })?.isFile() === true ? events : undefined,
    minimumIndex,
    askMinimumIndex: () => Promise.resolve(minimumIndex),
  };
}

async function findServer(context: VerifyContext): Promise<FoundLog> {
  const client = connectAnonymously(context);
  const describeLog = () => client.call({ method: 'GET', path: '/v1/log', schema: LogDescription });
  const described = await describeLog();
  const known = await findKnownLog(context.env, described.origin);
  const given = context.options.key;
  // The key that was seen first is kept: a server that shows another one has to be asked why.
  const expected = given ?? known?.key;
  const offered = [described.verifier_key, described.post_quantum_key];
  if (expected !== undefined && !offered.includes(expected))
    throw new AuditError('log_key_changed', `the log of ${client.server} has another key than it had`, {
      remedy: 'Ask its operator. If the change was announced, give the new key with --key.',
    });
  return {
    fetch: readLogServer(client.server, context),
    key: parseKey(expected ?? described.verifier_key),
    known,
    keyFrom: given !== undefined ? 'given' : known === undefined ? 'server' : 'remembered',
    events: undefined,
    minimumIndex: described.minimum_index,
    askMinimumIndex: async () => (await describeLog()).minimum_index,
  };
}

function progressOf({ stderr, global }: VerifyContext) {
  if (stderr.isTTY !== true || global.quiet) return { update: () => {}, clear: () => {} };
  return {
    update: (done: number, all: number) => stderr.write(`\r\u001b[Kchecking: ${done} of ${all} entries`),
    clear: () => stderr.write('\r\u001b[K'),
  };
}

const KEY_NOTES = {
  given: undefined,
  remembered: undefined,
  server:
    'The key came from the server itself and is kept from now on. Compare it once with what the operator publishes.',
} as const;

/** What was removed, and what that means. */
function describePruned(minimumIndex: number): string {
  return minimumIndex === 0
    ? ''
    : formatParagraph(
        '→ ',
        `Entries 0 to ${minimumIndex - 1} were removed as too old, which the log itself says. Their hashes lead to the ` +
          'signed root, too; what they said is proven by receipts and copies that were made before.',
      );
}

function describeEvents(check: EventCheck): string {
  const erased = check.erased === 0 ? '' : `, of ${check.erased} without the personal part, which was erased`;
  const first = check.faults.slice(0, 20).map(({ index, problem }) => `  entry ${index}: ${problem}\n`);
  const more = check.faultsAll > first.length ? `  and ${check.faultsAll - first.length} more\n` : '';
  return check.faultsAll === 0
    ? formatParagraph('', `All ${check.checked} events are as they were recorded${erased}.`)
    : `${formatParagraph('', `${check.faultsAll} events are not what the log says:`)}${first.join('')}${more}`;
}

function describeVerdict(verdict: LogVerdict, found: FoundLog): string {
  const { known, key } = found;
  if (!verdict.ok)
    return formatParagraph('', `The log is NOT whole: ${verdict.fault.message} [${verdict.fault.code}]`);
  const { size } = verdict.signed.checkpoint;
  const before = known && parseSignedCheckpoint(known.checkpoint)?.checkpoint.size;
  const since =
    known === undefined || before === undefined
      ? 'first time on this machine'
      : `goes on from ${before} entries, verified ${formatTime(Date.parse(known.verifiedAt))}`;
  const note = KEY_NOTES[found.keyFrom];
  return `${formatParagraph('', `The log is whole: ${size} ${size === 1 ? 'entry' : 'entries'}, each under the signed root.`)}${formatFields(
    [
      ['log', key.name],
      ['key', formatVerifierKey(key)],
      ['history', since],
    ],
  )}${describePruned(verdict.minimumIndex)}${note === undefined ? '' : formatParagraph('→ ', note)}`;
}

/** Once more when entries have gone meanwhile that the log says were removed. */
async function verifyFound(found: FoundLog, onProgress: (done: number, all: number) => void) {
  const { fetch, key, known } = found;
  const earlier = known === undefined ? undefined : parseSignedCheckpoint(known.checkpoint);
  const verify = (minimumIndex: number) => verifyLog({ fetch, key, earlier, minimumIndex, onProgress });
  const verdict = await verify(found.minimumIndex);
  if (verdict.ok || verdict.fault.code !== 'entries_missing') return verdict;
  const minimumIndex = await found.askMinimumIndex();
  return minimumIndex > found.minimumIndex ? verify(minimumIndex) : verdict;
}

async function verifyWholeLog(context: VerifyContext, found: FoundLog): Promise<number> {
  const { stdout, global, env, clock } = context;
  const progress = progressOf(context);
  const verdict = await verifyFound(found, (done, all) => progress.update(done, all));
  const file = context.options.events ?? found.events;
  const events =
    verdict.ok && file !== undefined
      ? await checkEvents(path.resolve(context.cwd, file), found.fetch, {
          size: verdict.signed.checkpoint.size,
          minimumIndex: verdict.minimumIndex,
        })
      : undefined;
  progress.clear();
  if (global.format === 'json') {
    const { origin, size } = verdict.ok
      ? verdict.signed.checkpoint
      : { origin: found.key.name, size: undefined };
    const fault = verdict.ok ? undefined : verdict.fault;
    const body = {
      whole: verdict.ok,
      origin,
      size,
      minimumIndex: verdict.ok ? verdict.minimumIndex : undefined,
      key: formatVerifierKey(found.key),
      keyFrom: found.keyFrom,
      fault,
      events,
    };
    await writeAll(stdout, `${JSON.stringify(body)}\n`);
  } else {
    await writeAll(stdout, describeVerdict(verdict, found));
    if (events !== undefined) await writeAll(stdout, describeEvents(events));
  }
  if (!verdict.ok || (events !== undefined && events.faultsAll > 0)) return exitCodes.negative;
  await rememberLog(env, found.key.name, {
    key: formatVerifierKey(found.key),
    checkpoint: formatSignedNote(verdict.signed.note),
    verifiedAt: new Date(clock.nowMs()).toISOString(),
  });
  return exitCodes.ok;
}

async function verifyReceiptFile(context: VerifyContext, file: string): Promise<number> {
  const { options: given, stdout, global, env } = context;
  const receipts = readReceipts(readFileSync(file, 'utf8'), file);
  const origin = receipts[0]?.parsed.signed.checkpoint.origin ?? '';
  const known = await findKnownLog(env, origin);
  if (given.key === undefined && known === undefined) throw keyMissing();
  const log = parseKey(given.key ?? known?.key ?? '');
  const witnesses = given.witness.map(parseKey);
  const checked = verifyReceipts(receipts, { log, witnesses, quorum: witnesses.length });
  const fine = checked.every(({ fault }) => fault === undefined);
  await writeAll(
    stdout,
    global.format === 'json'
      ? `${JSON.stringify({ valid: fine, receipts: checked })}\n`
      : describeReceipts(checked),
  );
  return fine ? exitCodes.ok : exitCodes.negative;
}

export const verify = defineCommand({
  name: 'verify',
  summary: 'check that nothing in the record was changed',
  description:
    'Without an argument it checks the log of the server: the signature, every entry, every tile, and that it goes ' +
    'on from what this machine saw before. With the folder of `audit export` it checks the copy, and with the file ' +
    'of `audit prove` or `run --receipt` the receipt; both need no server, only the key.',
  args: [{ name: '[what]', description: 'a folder or a receipt (default: the log of the server)' }],
  options,
  examples: [
    { explanation: 'the log of the server', command: 'vouchgate audit verify' },
    {
      explanation: 'a receipt, anywhere and at any time',
      command: 'vouchgate audit verify receipt.json --key vouchgate.example/log+1a2b3c4d+AZ…',
    },
  ],
  exitCodes: { '1': 'something was changed, is missing, or is not proved' },
  async run(context) {
    const [what] = context.args;
    if (what === undefined) return verifyWholeLog(context, await findServer(context));
    const given = path.resolve(context.cwd, what);
    const stats = lstatSync(given, { throwIfNoEntry: false });
    if (stats === undefined)
      throw new AuditError('receipt_unreadable', `there is nothing at ${what}`, {
        remedy: 'Name a folder that `vouchgate audit export` made, or a receipt.',
      });
    return stats.isDirectory()
      ? verifyWholeLog(context, await findFolder(context, given))
      : verifyReceiptFile(context, given);
  },
});
