import path from 'node:path';
import { Receipt, ReceiptList } from '#api/log.ts';
import { connectAsPerson } from '../client/connect.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAll } from '../output.ts';
import { writePrivateFile } from '../private-file.ts';

export const prove = defineCommand({
  name: 'prove',
  summary: 'get proof that something was recorded',
  description:
    'The receipt of every event of a decision, or of one event by its sequence number: it says what was recorded, ' +
    'and proves it to anybody who has the key of the log. `vouchgate audit verify FILE` checks it without a server.',
  args: [{ name: '<id>', description: 'a decision (dec_…) or the sequence number of an event' }],
  options: { output: { value: 'file', description: 'write it here (default: standard output)' } },
  examples: [
    {
      explanation: 'for an auditor',
      command: 'vouchgate audit prove dec_01JBTXQ4G6M7W8Z9V0R2K3N5PA --output receipt.json',
    },
  ],
  async run(context) {
    const [id = ''] = context.args;
    const client = await connectAsPerson(context);
    const value = /^\d+$/.test(id)
      ? await client.call({ method: 'GET', path: `/v1/events/${id}/receipt`, schema: Receipt })
      : await client.call({
          method: 'GET',
          path: `/v1/decisions/${encodeURIComponent(id)}/receipts`,
          schema: ReceiptList,
        });
    const text = `${JSON.stringify(value, undefined, 2)}\n`;
    const { output } = context.options;
    if (output === undefined) await writeAll(context.stdout, text);
    else await writePrivateFile(path.resolve(context.cwd, output), text);
    return exitCodes.ok;
  },
});
