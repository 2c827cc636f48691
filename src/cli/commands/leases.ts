import { Lease, LeasePage, LeaseRevocationResult, type LeaseRevocation } from '#api/lease.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { connectAsPerson } from '../client/connect.ts';
import { exitCodes } from '../exit-codes.ts';
import { shortenRef } from '../event-line.ts';
import { clip, COLUMNS, formatFields } from '../layout.ts';
import { formatTime, printable, writeAll } from '../output.ts';
import { readLimit } from '../read-limit.ts';

const GAP = '  ';
/** The longest, `irrevocable`, and a gap. */
const STATE_COLUMNS = 13;

const leaseFilters = {
  resource: { value: 'name', description: 'only those of one resource' },
  'credential-provider': { value: 'name', description: 'only those of one credential provider' },
  principal: { value: 'id', description: 'only those of one workload' },
  decision: { value: 'id', description: 'only that of one decision' },
} as const;

function shortTime(text: string): string {
  return formatTime(Date.parse(text));
}

function describeLease(lease: Lease): string {
  return formatFields([
    ['lease', lease.id],
    ['state', lease.state],
    ['resource', lease.resource],
    ['provider', lease.credentialProvider],
    ['workload', lease.workload],
    ['principal', lease.principal],
    ['key of the holder', lease.holder ?? '(none: bearer)'],
    ['decision', lease.decision],
    ...Object.entries(lease.handle)
      .filter(([, value]) => value !== lease.id)
      .map(([name, value]): [string, string] => [`made: ${name}`, String(value)]),
    ['created', shortTime(lease.createdAt)],
    ['expires', shortTime(lease.expiresAt)],
    ['at most until', shortTime(lease.expiresAtMax)],
    ['ended', lease.endedAt === null ? undefined : shortTime(lease.endedAt)],
    ['revocable', lease.revocable ? 'yes' : 'no, it ends by itself'],
    ['attempts to end it', lease.attempts === 0 ? undefined : String(lease.attempts)],
    ['last error', lease.lastError ?? undefined],
  ]);
}

/** `until 14:05:00Z`, with the day where it is not today's. */
function momentOf(text: string, nowMs: number): string {
  const full = shortTime(text);
  return full.slice(0, 10) === formatTime(nowMs).slice(0, 10) ? full.slice(11) : full;
}

/** Two lines of 80 columns: the state, for whom, until when, and the id at the end where it can be copied. */
function formatLease(lease: Lease, nowMs: number): string {
  const state = lease.state.padEnd(STATE_COLUMNS);
  const end =
    lease.endedAt === null
      ? `until ${momentOf(lease.expiresAt, nowMs)}`
      : `ended ${momentOf(lease.endedAt, nowMs)}`;
  const beside = COLUMNS - lease.id.length - GAP.length - state.length;
  const resource = clip(printable(lease.resource), beside).padEnd(beside);
  const workload = clip(printable(shortenRef(lease.workload)), COLUMNS - state.length - end.length - 2);
  return `${state}${resource}${GAP}${printable(lease.id)}\n${' '.repeat(state.length)}${workload}, ${end}\n`;
}

const list = defineCommand({
  name: 'list',
  summary: 'list leases, newest first',
  options: {
    state: { value: 'state', repeatable: true, description: 'only in this state (active, revoked…)' },
    ...leaseFilters,
    before: { value: 'id', description: 'continue where the last list ended' },
    limit: { value: 'number', description: 'how many (default: 100)' },
  },
  async run(context) {
    const { options, global, stdout, stderr } = context;
    const page = await (await connectAsPerson(context)).call({
      method: 'GET',
      path: '/v1/leases',
      query: {
        state: options.state.length === 0 ? undefined : options.state.join(','),
        resource: options.resource,
        credentialProvider: options['credential-provider'],
        principal: options.principal,
        decision: options.decision,
        before: options.before,
        limit: readLimit(options.limit),
      },
      schema: LeasePage,
    });
    if (global.format === 'json') {
      await writeAll(stdout, `${JSON.stringify(page)}\n`);
      return exitCodes.ok;
    }
    const { clock } = context;
    const lines = page.leases.map((lease) => formatLease(lease, clock.nowMs())).join('');
    await writeAll(stdout, lines === '' ? 'There are no such leases.\n' : lines);
    if (page.next !== null) stderr.write(`vouchgate: there are more: add --before ${page.next}\n`);
    return exitCodes.ok;
  },
});

const show = defineCommand({
  name: 'show',
  summary: 'show one lease',
  args: [{ name: '<id>', description: 'the lease, lse_…' }],
  async run(context) {
    const [id = ''] = context.args;
    const client = await connectAsPerson(context);
    const lease = await client.call({
      method: 'GET',
      path: `/v1/leases/${encodeURIComponent(id)}`,
      schema: Lease,
    });
    const text = context.global.format === 'json' ? `${JSON.stringify(lease)}\n` : describeLease(lease);
    await writeAll(context.stdout, text);
    return exitCodes.ok;
  },
});

const revoke = defineCommand({
  name: 'revoke',
  summary: 'end leases now',
  description:
    'Ends the leases that are named, or all that match a filter: then --all has to be there, too. --all alone ' +
    'ends every lease.',
  args: [{ name: '[id...]', description: 'leases, lse_…' }],
  options: { ...leaseFilters, all: { description: 'all that match, not named ones' } },
  examples: [
    {
      explanation: 'a database may have been read by the wrong people',
      command: 'vouchgate leases revoke --resource shop-db --all',
    },
  ],
  exitCodes: { '1': 'some could not be revoked yet; the server goes on trying' },
  async run(context) {
    const { options, args, global, stdout } = context;
    const filter: LeaseRevocation['filter'] = {
      ...(options.resource === undefined ? {} : { resource: options.resource }),
      ...(options['credential-provider'] === undefined
        ? {}
        : { credentialProvider: options['credential-provider'] }),
      ...(options.principal === undefined ? {} : { principal: options.principal }),
      ...(options.decision === undefined ? {} : { decision: options.decision }),
    };
    const isFiltered = Object.keys(filter).length > 0;
    if (options.all === args.length > 0 || (isFiltered && !options.all)) {
      throw new CommandError('usage_invalid', 'name leases, or give --all with what they have in common', {
        remedy: 'For example: vouchgate leases revoke lse_…, or --resource shop-db --all.',
      });
    }
    const client = await connectAsPerson(context);
    let result: LeaseRevocationResult = { revoked: 0, pending: [] };
    if (options.all) {
      const body = { filter: isFiltered ? filter : { all: true } };
      result = await client.call({
        method: 'POST',
        path: '/v1/leases/revoke',
        body,
        schema: LeaseRevocationResult,
      });
    }
    for (const id of args) {
      const path = `/v1/leases/${encodeURIComponent(id)}/revoke`;
      const lease = await client.call({ method: 'POST', path, schema: Lease });
      if (lease.state === 'revoking' || lease.state === 'irrevocable') result.pending.push(id);
      else result.revoked += 1;
    }
    const text =
      global.format === 'json'
        ? `${JSON.stringify(result)}\n`
        : `${result.revoked} ended\n${result.pending.map((id) => `not yet: ${printable(id)}\n`).join('')}`;
    await writeAll(stdout, text);
    return result.pending.length === 0 ? exitCodes.ok : exitCodes.negative;
  },
});

export const command = defineCommand({
  name: 'leases',
  summary: 'list, show and revoke what was issued',
  subcommands: [list, show, revoke],
});
