import { SealedSecretList, SealedSecretName, SealedSecretStored } from '#api/sealed-secret.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { connectAsPerson } from '../client/connect.ts';
import { exitCodes } from '../exit-codes.ts';
import { readSecret } from '../hidden-input.ts';
import { formatTable } from '../layout.ts';
import { formatTime, writeAll } from '../output.ts';

function assertName(name: string): string {
  if (SealedSecretName.safeParse(name).success) return name;
  throw new CommandError('usage_invalid', 'this is no name for a sealed secret', {
    remedy: 'Use letters, digits, ".", "_" and "-", at most 128 of them, a letter or digit first.',
  });
}

function assertDate(text: string | undefined): string | undefined {
  const isDate = text === undefined || (/^\d{4}-\d{2}-\d{2}$/u.test(text) && !Number.isNaN(Date.parse(text)));
  if (isDate) return text;
  throw new CommandError('usage_invalid', `"${text}" is no date`, { remedy: 'Write it as 2026-12-31.' });
}

const set = defineCommand({
  name: 'set',
  summary: 'store a value for what has nothing better, or replace it',
  description:
    'Reads the value from standard input (without one line end at its end), or asks for it without showing it. ' +
    'It is never taken from the arguments, which every process of the machine can read.\n\n' +
    'A stored value is debt: it lives until somebody rotates it. Say by when.',
  args: [{ name: '<name>', description: 'name of the sealed secret' }],
  options: { 'rotate-by': { value: 'date', description: 'when it should be replaced: 2026-12-31' } },
  examples: [
    {
      explanation: 'from a file, to be replaced by the end of the year',
      command: 'vouchgate secret set registry-token --rotate-by 2026-12-31 < token.txt',
    },
  ],
  async run(context) {
    const name = assertName(context.args[0] ?? '');
    const rotateBy = assertDate(context.options['rotate-by']);
    const client = await connectAsPerson(context);
    const value = (await readSecret(context, `Value of ${name}: `)).reveal();
    if (value === '') {
      throw new CommandError('usage_invalid', 'the value is empty', {
        remedy: 'Nothing was stored. Try again.',
      });
    }
    const stored = await client.call({
      method: 'PUT',
      path: `/v1/sealed-secrets/${encodeURIComponent(name)}`,
      body: { value, ...(rotateBy === undefined ? {} : { rotateBy }) },
      schema: SealedSecretStored,
    });
    const until =
      stored.rotateBy === null ? 'without a date to rotate it by' : `rotate by ${stored.rotateBy}`;
    const isJson = context.global.format === 'json';
    await writeAll(
      context.stdout,
      isJson ? `${JSON.stringify(stored)}\n` : `${stored.name} is sealed, ${until}.\n`,
    );
    return exitCodes.ok;
  },
});

const list = defineCommand({
  name: 'list',
  summary: 'list sealed secrets: names and dates, never values',
  exitCodes: { '1': 'some are overdue' },
  async run(context) {
    const client = await connectAsPerson(context);
    const { secrets } = await client.call({
      method: 'GET',
      path: '/v1/sealed-secrets',
      schema: SealedSecretList,
    });
    const rows = secrets.map((secret) => [
      secret.name,
      formatTime(Date.parse(secret.updatedAt)),
      secret.rotateBy === null ? 'no date' : formatTime(Date.parse(secret.rotateBy)),
      secret.overdue ? 'OVERDUE' : '',
    ]);
    const text =
      context.global.format === 'json'
        ? `${JSON.stringify({ secrets })}\n`
        : rows.length === 0
          ? 'There are no sealed secrets.\n'
          : formatTable(['name', 'last set', 'rotate by', ''], rows);
    await writeAll(context.stdout, text);
    return secrets.some(({ overdue }) => overdue) ? exitCodes.negative : exitCodes.ok;
  },
});

export const command = defineCommand({
  name: 'secret',
  summary: 'store and list static values (the last resort)',
  subcommands: [set, list],
});
