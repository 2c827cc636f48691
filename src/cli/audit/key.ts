import { LogDescription } from '#api/log.ts';
import { connectAnonymously } from '../client/connect.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAll } from '../output.ts';

export const key = defineCommand({
  name: 'key',
  summary: 'print the key that receipts and the log are checked with',
  description:
    'Publish it where those who check you look anyway (a website, a contract): a key that comes from the server ' +
    'whose word is to be checked proves little.',
  options: { witness: { description: 'the key that this server signs the checkpoints of others with' } },
  async run(context) {
    const client = connectAnonymously(context);
    const log = await client.call({ method: 'GET', path: '/v1/log', schema: LogDescription });
    await writeAll(
      context.stdout,
      context.global.format === 'json'
        ? `${JSON.stringify(log)}\n`
        : `${context.options.witness ? log.witness_key : log.verifier_key}\n`,
    );
    return exitCodes.ok;
  },
});
