import { LogDescription } from '#api/log.ts';
import { connectAnonymously } from '../client/connect.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAll } from '../output.ts';
import { AuditError } from './audit-error.ts';

/** @throws AuditError `log_key_missing` */
function keyOf(log: LogDescription, asked: { witness: boolean; 'post-quantum': boolean }): string {
  if (!asked['post-quantum']) return asked.witness ? log.witness_key : log.verifier_key;
  const found = asked.witness ? log.witness_post_quantum_key : log.post_quantum_key;
  if (found !== null) return found;
  throw new AuditError('log_key_missing', 'this server does not sign with ML-DSA-44', {
    remedy: `Set postQuantum under ${asked.witness ? 'witness' : 'log'} in its configuration.`,
  });
}

export const key = defineCommand({
  name: 'key',
  summary: 'print the key that receipts and the log are checked with',
  description:
    'Publish it where those who check you look anyway (a website, a contract): a key that comes from the server ' +
    'whose word is to be checked proves little.',
  options: {
    witness: { description: 'the key that this server signs the checkpoints of others with' },
    'post-quantum': { description: 'the key of ML-DSA-44, where it is signed with one' },
  },
  async run(context) {
    const client = connectAnonymously(context);
    const log = await client.call({ method: 'GET', path: '/v1/log', schema: LogDescription });
    await writeAll(
      context.stdout,
      context.global.format === 'json' ? `${JSON.stringify(log)}\n` : `${keyOf(log, context.options)}\n`,
    );
    return exitCodes.ok;
  },
});
