import { defineCommand } from '../command.ts';
import type { Check } from '../doctor/check.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatParagraph } from '../layout.ts';
import { writeAll } from '../output.ts';

const MARK: Record<Check['status'], string> = { ok: '✓', warning: '!', problem: '✗' };

export const command = defineCommand({
  name: 'doctor',
  summary: 'find out what is missing before a job does',
  description:
    'Reads the configuration, and reaches every issuer, back-end, source of pipelines, sink, witness, input and server that it names, from this machine. In a job it says whether a token can be had. Changes nothing.',
  options: {
    config: {
      value: 'DIR',
      description: 'folder with vouchgate.yaml (default: ., ./vouchgate or .vouchgate/config)',
    },
  },
  examples: [{ command: 'vouchgate doctor --config ./vouchgate', explanation: 'before a change is merged' }],
  exitCodes: { '1': 'something is missing' },
  async run(context) {
    const { checkConfiguration } = await import('../doctor/check-configuration.ts');
    const { checkJob, checkServer } = await import('../doctor/check-job.ts');
    const { env, cwd, clock, global } = context;
    const folder = await folderOf(cwd, context.options.config);
    const checks = [
      ...checkJob(env),
      ...(folder === undefined ? [] : await checkConfiguration(folder, env, clock)),
      ...(global.server === undefined ? [] : await checkServer(env, global)),
    ];
    const text = global.format === 'json' ? `${JSON.stringify({ checks })}\n` : describe(checks);
    await writeAll(context.stdout, text);
    return checks.some(({ status }) => status === 'problem') ? exitCodes.negative : exitCodes.ok;
  },
});

/** Undefined when none is named and none is in the usual places: then only the job and the server are looked at. */
async function folderOf(cwd: string, given: string | undefined): Promise<string | undefined> {
  const { findFolder } = await import('../policy/open-configuration.ts');
  if (given !== undefined) return findFolder(cwd, given);
  return findFolder(cwd, undefined).catch(() => undefined);
}

function describe(checks: readonly Check[]): string {
  if (checks.length === 0) {
    return formatParagraph(
      '',
      'There is nothing to look at here: name a configuration with --config DIR, or a server with --server URL.',
    );
  }
  return checks
    .map(({ area, status, message, remedy }) => {
      const advice = remedy === undefined ? '' : formatParagraph('  → ', remedy);
      return `${formatParagraph(`${MARK[status]} `, `${area}: ${message}`)}${advice}`;
    })
    .join('');
}
