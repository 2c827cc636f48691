import { ParkedList, type Sink, SinkList, SinkRetried } from '#api/sink.ts';
import { connectAsPerson } from '../client/connect.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatFields, formatParagraph, formatTable } from '../layout.ts';
import { formatDuration, writeAll } from '../output.ts';
import { AuditError } from './audit-error.ts';

const PARKED_SHOWN = 20;

function needsAttention({ state, parked }: Sink): boolean {
  return state === 'down' || state === 'stopped' || parked > 0;
}

function describeSinks(sinks: readonly Sink[]): string {
  if (sinks.length === 0)
    return formatParagraph('', 'No sink is configured: docs/guides/siem.md says how to add one.');
  const rows = sinks.map(({ name, type, state, behind, oldestUnsentAgeSeconds, parked }) => [
    name,
    type ?? '–',
    state,
    String(behind),
    behind === 0 ? '–' : formatDuration(oldestUnsentAgeSeconds),
    String(parked),
  ]);
  const table = formatTable(['SINK', 'TYPE', 'STATE', 'BEHIND', 'OLDEST', 'PARKED'], rows);
  const errors = sinks
    .filter((sink) => sink.lastError !== null && sink.state !== 'idle' && sink.state !== 'sending')
    .map(({ name, lastError, nextAttemptAt }) => {
      const next = nextAttemptAt === null ? '' : `; next try ${nextAttemptAt}`;
      return formatParagraph('! ', `${name}: ${lastError?.message ?? ''} [${lastError?.code ?? ''}]${next}`);
    });
  return `${table}${errors.join('')}`;
}

function describeParked({ parked, next }: ParkedList): string {
  if (parked.length === 0) return '';
  const rows = parked.map(({ index, event, code, message }) => [String(index), event, code, message]);
  const more = next === null ? '' : formatParagraph('', `and more behind entry ${next}`);
  return `${formatTable(['ENTRY', 'EVENT', 'CODE', 'WHY'], rows)}${more}`;
}

export const sinks = defineCommand({
  name: 'sinks',
  summary: 'show where copies of the record go, and how far they are',
  description:
    'BEHIND counts events of the log that a sink does not have yet, OLDEST is how long the first of them waits, and ' +
    'PARKED counts those that it will not take. With a name, what is parked there is listed with the reason.',
  args: [{ name: '[sink]', description: 'only this one, with its parked events' }],
  options: {
    retry: { description: 'try the sink at once, and its parked events again, each alone' },
  },
  examples: [
    { explanation: 'all of them', command: 'vouchgate audit sinks' },
    { explanation: 'after the SIEM was mended', command: 'vouchgate audit sinks siem --retry' },
  ],
  exitCodes: { '1': 'a sink is down or stopped, or has parked events' },
  async run(context) {
    const { args, options, stdout, global } = context;
    const [name] = args;
    const path = `/v1/sinks/${encodeURIComponent(name ?? '')}`;
    if (options.retry && name === undefined)
      throw new AuditError('sink_not_named', '--retry needs the name of a sink', {
        remedy: 'List them: vouchgate audit sinks',
      });
    const client = await connectAsPerson(context);
    if (options.retry) {
      const asked = await client.call({ method: 'POST', path: `${path}/retry`, schema: SinkRetried });
      const text = `${asked.name} is tried again, with ${asked.parked} parked events.`;
      await writeAll(
        stdout,
        global.format === 'json' ? `${JSON.stringify(asked)}\n` : formatParagraph('', text),
      );
      return exitCodes.ok;
    }
    const { sinks: all } = await client.call({ method: 'GET', path: '/v1/sinks', schema: SinkList });
    const query = { limit: PARKED_SHOWN };
    const parked =
      name === undefined
        ? undefined
        : await client.call({ method: 'GET', path: `${path}/parked`, query, schema: ParkedList });
    const shown = all.filter((sink) => name === undefined || sink.name === name);
    const [first] = shown;
    const range =
      name === undefined || first === undefined
        ? ''
        : formatFields([['entries', `${first.firstIndex} to ${first.nextIndex}, not included`]]);
    await writeAll(
      stdout,
      global.format === 'json'
        ? `${JSON.stringify({ sinks: shown, ...(parked && { parked: parked.parked }) })}\n`
        : `${describeSinks(shown)}${range}${parked === undefined ? '' : describeParked(parked)}`,
    );
    return shown.some(needsAttention) ? exitCodes.negative : exitCodes.ok;
  },
});
