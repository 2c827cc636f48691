import { type TriageDecision, TriageResult } from '#api/finding.ts';
import { connectAsPerson } from '../client/connect.ts';
import {
  type CommandContext,
  type CommandDefinition,
  defineCommand,
  type OptionDefinitions,
} from '../command.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable, writeAll } from '../output.ts';
import { readDay } from '../scan/read-day.ts';

const DAY_MS = 86_400_000;
const ids = [{ name: '<id...>', description: 'findings, fnd_…' }] as const;
const unknownCode = { '1': 'there is no finding with one of these ids; the others were decided about' };

function required(value: string | undefined, name: string, example: string): string {
  if (value !== undefined && value.trim() !== '') return value;
  throw new CommandError('usage_invalid', `--${name} is missing`, {
    remedy: `For example: --${name} ${example}`,
  });
}

async function decide<Options extends OptionDefinitions>(
  context: CommandContext<Options>,
  decision: TriageDecision,
): Promise<number> {
  const client = await connectAsPerson(context);
  const result = await client.call({
    method: 'POST',
    path: '/v1/findings/triage',
    body: { findings: context.args, decision },
    schema: TriageResult,
  });
  const unknown = result.unknown.map((id) => `not there: ${printable(id)}\n`).join('');
  const text =
    context.global.format === 'json'
      ? `${JSON.stringify(result)}\n`
      : `${result.decided.length} decided\n${unknown}`;
  await writeAll(context.stdout, text);
  return result.unknown.length === 0 ? exitCodes.ok : exitCodes.negative;
}

const reason = { value: 'text', description: 'why; it stands in the record' } as const;

const accept = defineCommand({
  name: 'accept',
  summary: 'live with findings until a day',
  args: ids,
  options: {
    owner: { value: 'name', description: 'who answers for it' },
    reason,
    until: { value: 'date', description: 'the last day, YYYY-MM-DD (UTC); then it is open again' },
  },
  examples: [
    {
      explanation: 'until the next release',
      command: 'vouchgate findings accept fnd_… --owner shop --reason "test data" --until 2027-03-31',
    },
  ],
  exitCodes: unknownCode,
  async run(context) {
    const { options } = context;
    const untilMs = readDay(required(options.until, 'until', '2027-03-31')) ?? 0;
    return await decide(context, {
      action: 'accept',
      owner: required(options.owner, 'owner', 'shop-team'),
      reason: required(options.reason, 'reason', '"only in tests"'),
      until: new Date(untilMs + DAY_MS).toISOString(),
    });
  },
});

const falsePositive = defineCommand({
  name: 'false-positive',
  summary: 'say that findings are none',
  args: ids,
  options: { reason },
  exitCodes: unknownCode,
  run: (context) =>
    decide(context, {
      action: 'false-positive',
      reason: required(context.options.reason, 'reason', '"the input is a constant"'),
    }),
});

const restore = defineCommand({
  name: 'restore',
  summary: 'take an acceptance or a false positive back',
  args: ids,
  options: { reason },
  exitCodes: unknownCode,
  run: (context) =>
    decide(context, {
      action: 'restore',
      reason: required(context.options.reason, 'reason', '"it is reachable after all"'),
    }),
});

const assign = defineCommand({
  name: 'assign',
  summary: 'say who mends findings',
  args: ids,
  options: {
    to: { value: 'name', description: 'who; without it, nobody any more' },
    note: { value: 'text', description: 'what to say with it' },
  },
  exitCodes: unknownCode,
  run: (context) =>
    decide(context, {
      action: 'assign',
      assignee: context.options.to ?? null,
      ...(context.options.note === undefined ? {} : { note: context.options.note }),
    }),
});

const comment = defineCommand({
  name: 'comment',
  summary: 'say something about findings',
  args: ids,
  options: { text: { value: 'text', description: 'what to say' } },
  exitCodes: unknownCode,
  run: (context) =>
    decide(context, {
      action: 'comment',
      note: required(context.options.text, 'text', '"looked at it; mended in 2.4"'),
    }),
});

export const triageCommands: readonly CommandDefinition[] = [accept, falsePositive, restore, assign, comment];
