import { setTimeout as delay } from 'node:timers/promises';
import { EventPage, type Event } from '#api/event.ts';
import { erase } from '../audit/erase.ts';
import { exportLog } from '../audit/export.ts';
import { key } from '../audit/key.ts';
import { prove } from '../audit/prove.ts';
import { reconcile } from '../audit/reconcile.ts';
import { sinks } from '../audit/sinks.ts';
import { timeline } from '../audit/timeline.ts';
import { verify } from '../audit/verify.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import type { AdminClient } from '../client/admin-client.ts';
import { connectAsPerson } from '../client/connect.ts';
import { exitCodes } from '../exit-codes.ts';
import { createEventPrinter } from '../event-line.ts';
import { writeAll } from '../output.ts';
import { readLimit } from '../read-limit.ts';

const POLL_MS = 2_000;
const FOLLOW_PAGE = 1_000;
const LIST_ROWS = 100;
const TAIL_ROWS = 10;

type Query = Readonly<Record<string, string | number | undefined>>;

async function readEvents(client: AdminClient, query: Query): Promise<Event[]> {
  const page = await client.call({ method: 'GET', path: '/v1/events', query, schema: EventPage });
  return page.events.toSorted((left, right) => left.sequence - right.sequence);
}

const filters = {
  type: {
    value: 'type',
    repeatable: true,
    description: 'only this type (decision.denied, lease.revoked…)',
  },
  resource: { value: 'name', description: 'only events of one resource' },
  decision: { value: 'id', description: 'only events of one decision' },
  lease: { value: 'id', description: 'only events of one lease' },
} as const;

interface Wanted {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly follow: boolean;
}

/** Prints what is there, then what comes, until interrupted where it is followed. */
async function printRecord(
  context: CommandContext<typeof filters>,
  { before, after, limit, follow }: Wanted,
): Promise<number> {
  const { options, global, stdout } = context;
  const client = await connectAsPerson(context);
  const filter: Query = {
    type: options.type.length === 0 ? undefined : options.type.join(','),
    resource: options.resource,
    decision: options.decision,
    lease: options.lease,
  };
  // JSON: one object a line, so that a collector can read it as it comes.
  const format =
    global.format === 'json'
      ? (event: Event) => `${JSON.stringify(event)}\n`
      : createEventPrinter({ color: global.color, ids: true, indent: '' });
  const print = (events: readonly Event[]) => writeAll(stdout, events.map(format).join(''));
  const first = await readEvents(client, { ...filter, before, after, limit });
  await print(first);
  let last = first.at(-1)?.sequence ?? Number(after ?? 0);
  if (!follow) return exitCodes.ok;
  for (;;) {
    const fresh = await readEvents(client, { ...filter, after: last, limit: FOLLOW_PAGE });
    await print(fresh);
    last = fresh.at(-1)?.sequence ?? last;
    // A full page means that more is waiting.
    if (fresh.length < FOLLOW_PAGE) await delay(POLL_MS);
  }
}

const list = defineCommand({
  name: 'list',
  summary: 'print the record, newest last',
  description: 'With --format json each event is one line of JSON.',
  options: {
    follow: { short: 'f', description: 'go on with what comes, until interrupted' },
    ...filters,
    before: { value: 'sequence', description: 'only what was recorded before' },
    after: { value: 'sequence', description: 'only what was recorded after, from there on' },
    limit: { value: 'number', description: 'how many (default: 100)' },
  },
  examples: [
    {
      explanation: 'the refusals of today and before',
      command: 'vouchgate audit list --type decision.denied',
    },
  ],
  run(context) {
    const { before, after, follow, limit } = context.options;
    return printRecord(context, { before, after, follow, limit: readLimit(limit) ?? LIST_ROWS });
  },
});

const tail = defineCommand({
  name: 'tail',
  summary: 'print what is recorded, as it happens',
  description:
    'The last ten events, then what comes, until interrupted. With --format json one line of JSON each.',
  options: filters,
  examples: [
    { explanation: 'every refusal, as it happens', command: 'vouchgate audit tail --type decision.denied' },
  ],
  run: (context) => printRecord(context, { limit: TAIL_ROWS, follow: true }),
});

export const command = defineCommand({
  name: 'audit',
  summary: 'read the record of everything that happened, and check it',
  subcommands: [list, tail, timeline, verify, prove, exportLog, erase, key, sinks, reconcile],
});
