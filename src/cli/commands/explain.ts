import { Decision } from '#api/decision.ts';
import { defineCommand } from '../command.ts';
import { connectAsPerson } from '../client/connect.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAll } from '../output.ts';
import { formatStory } from '../story.ts';

export const command = defineCommand({
  name: 'explain',
  summary: 'tell the story of one decision',
  description:
    'Who asked for what, which policies decided, the facts that failed (what was expected, what was there), ' +
    'what was issued, and what became of it. The id stands in the log of the job.',
  args: [{ name: '<decision>', description: 'the decision, dec_…' }],
  examples: [{ explanation: 'why a job was refused', command: 'vouchgate explain dec_01JDB3…' }],
  async run(context) {
    const [id = ''] = context.args;
    const client = await connectAsPerson(context);
    const path = `/v1/decisions/${encodeURIComponent(id)}`;
    const decision = await client.call({ method: 'GET', path, schema: Decision });
    const isJson = context.global.format === 'json';
    await writeAll(context.stdout, isJson ? `${JSON.stringify(decision)}\n` : formatStory(decision));
    return exitCodes.ok;
  },
});
