import { type Freeze, FreezeList, FreezeResult, type FreezeTarget } from '#api/freeze.ts';
import { connectAsPerson } from '../client/connect.ts';
import { CommandError } from '../command-error.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatFields } from '../layout.ts';
import { formatTime, writeAll } from '../output.ts';

const options = {
  resource: { value: 'NAME', description: 'one resource' },
  provider: { value: 'NAME', description: 'one identity provider: nobody who comes with its tokens' },
  repository: {
    value: 'NAME',
    description: 'one repository: acme/shop, acme/*, or by its id as in policies, github/456789',
  },
  everything: { description: 'all access of all workloads' },
  reason: { value: 'TEXT', description: 'why; whoever is refused reads it' },
  until: { value: 'TIME', description: 'when it ends by itself, such as 2026-01-31T12:00:00Z' },
  'end-leases': { description: 'also end what is live under it' },
} as const;

type Context = CommandContext<typeof options>;

export const command = defineCommand({
  name: 'freeze',
  summary: 'stop access at once, on all servers; alone, show what is stopped',
  description:
    'An emergency stop: nobody under it gets or renews a credential, whatever policies say. It holds on every server within two seconds and until `vouchgate unfreeze` lifts it.',
  options,
  examples: [
    { explanation: 'what is stopped', command: 'vouchgate freeze' },
    {
      explanation: 'a repository was taken over',
      command: 'vouchgate freeze --repository acme/shop --end-leases --reason "INC-7: stolen session"',
    },
  ],
  async run(context) {
    const target = targetOf(context.options);
    return target === undefined ? listFreezes(context) : freeze(context, target);
  },
});

function targetOf({
  resource,
  provider,
  repository,
  everything,
}: Context['options']): FreezeTarget | undefined {
  const targets: FreezeTarget[] = [
    ...(resource === undefined ? [] : [{ kind: 'resource' as const, name: resource }]),
    ...(provider === undefined ? [] : [{ kind: 'identityProvider' as const, name: provider }]),
    ...(repository === undefined ? [] : [{ kind: 'repository' as const, name: repository }]),
    ...(everything ? [{ kind: 'everything' as const }] : []),
  ];
  if (targets.length <= 1) return targets[0];
  throw new CommandError('usage_invalid', 'name one thing to freeze', {
    remedy: 'Freeze each by itself, so that each can be lifted by itself.',
  });
}

async function freeze(context: Context, target: FreezeTarget): Promise<number> {
  const { reason, until } = context.options;
  if (reason === undefined || reason.trim() === '') {
    throw new CommandError('usage_invalid', 'say why', {
      remedy: 'Give --reason TEXT: it is on record, and in the answer to every job that is refused.',
    });
  }
  const client = await connectAsPerson(context);
  const result = await client.call({
    method: 'POST',
    path: '/v1/freezes',
    body: {
      target,
      reason,
      ...(until === undefined ? {} : { until: momentOf(until) }),
      endLeases: context.options['end-leases'],
    },
    schema: FreezeResult,
  });
  const { leases } = result;
  const text = describeFreeze(result, [
    ['leases ended', leases === null ? undefined : `${leases.revoked} (${leases.pending} to go)`],
    ['lift it', `vouchgate unfreeze ${result.id}`],
  ]);
  await write(context, result, text);
  return exitCodes.ok;
}

function momentOf(text: string): string {
  const timeMs = Date.parse(text);
  if (Number.isFinite(timeMs)) return new Date(timeMs).toISOString();
  throw new CommandError('usage_invalid', '--until is no time', { remedy: 'Write 2026-01-31T12:00:00Z.' });
}

async function listFreezes(context: Context): Promise<number> {
  const client = await connectAsPerson(context);
  const list = await client.call({ method: 'GET', path: '/v1/freezes', schema: FreezeList });
  const text = list.freezes.map((each) => describeFreeze(each)).join('\n');
  await write(context, list, text === '' ? 'Nothing is frozen.\n' : text);
  return exitCodes.ok;
}

function describeFreeze(
  { id, target, reason, frozenBy, frozenAt, until }: Freeze,
  more: readonly [name: string, value: string | undefined][] = [],
): string {
  return formatFields([
    ['freeze', id],
    ['stops', target.kind === 'everything' ? 'everything' : `${target.kind} ${target.name}`],
    ['reason', reason],
    ['by', frozenBy],
    ['since', formatTime(Date.parse(frozenAt))],
    ['until', until === null ? 'it is lifted' : formatTime(Date.parse(until))],
    ...more,
  ]);
}

async function write(context: Context, value: object, text: string): Promise<void> {
  await writeAll(context.stdout, context.global.format === 'json' ? `${JSON.stringify(value)}\n` : text);
}
