import { connectAsPerson } from '../client/connect.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAll } from '../output.ts';

export const erase = defineCommand({
  name: 'erase',
  summary: 'erase what is personal in an event, for good',
  description:
    'The login of a person, the address of a caller: their values go from the record, and what the log keeps of them ' +
    'can never be opened again. The rest of the event stays proved. Backups and copies in a SIEM are not reached.',
  args: [
    { name: '<sequence>', description: 'sequence number of the event, from `audit list --format json`' },
  ],
  options: { reason: { value: 'text', description: 'why; becomes part of the record, so no name' } },
  examples: [
    { explanation: 'after a request', command: "vouchgate audit erase 4711 --reason 'request 2026-17'" },
  ],
  async run(context) {
    const [sequence = ''] = context.args;
    const { reason } = context.options;
    if (!/^\d+$/.test(sequence) || reason === undefined)
      throw new CommandError('usage_invalid', 'an erasure needs the number of an event and a reason', {
        remedy: "Write: vouchgate audit erase 4711 --reason 'request 2026-17'",
      });
    const client = await connectAsPerson(context);
    await client.send({ method: 'POST', path: `/v1/events/${sequence}/erase`, body: { reason } });
    const done = { erased: Number(sequence) };
    await writeAll(
      context.stdout,
      context.global.format === 'json'
        ? `${JSON.stringify(done)}\n`
        : `What was personal in event ${sequence} is gone.\n`,
    );
    return exitCodes.ok;
  },
});
