import { Freeze } from '#api/freeze.ts';
import { connectAsPerson } from '../client/connect.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable, writeAll } from '../output.ts';

export const command = defineCommand({
  name: 'unfreeze',
  summary: 'lift an emergency stop',
  args: [{ name: '<id>', description: 'the freeze, frz_…, as `vouchgate freeze` shows it' }],
  async run(context) {
    const [id = ''] = context.args;
    const client = await connectAsPerson(context);
    const path = `/v1/freezes/${encodeURIComponent(id)}`;
    const lifted = await client.call({ method: 'DELETE', path, schema: Freeze });
    const text = `${printable(lifted.id)} is lifted: access goes on by the policies.\n`;
    await writeAll(context.stdout, context.global.format === 'json' ? `${JSON.stringify(lifted)}\n` : text);
    return exitCodes.ok;
  },
});
