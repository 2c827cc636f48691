import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import type { Check } from '../doctor/check.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable, writeAll } from '../output.ts';

const MARK: Record<Check['status'], string> = { ok: '✓', warning: '!', problem: '✗' };

export const command = defineCommand({
  name: 'doctor',
  summary: 'find out what is missing before a job does',
  description:
    'Reads the configuration, and reaches every issuer, back-end and server that it names, from this machine. In a job it says whether a token can be had. Changes nothing.',
  options: {
    config: {
      value: 'DIR',
      description: 'folder with vouchgate.yaml (default: .vouchgate/config, if it is there)',
    },
  },
  examples: [{ command: 'vouchgate doctor --config ./vouchgate', explanation: 'before a change is merged' }],
  exitCodes: { '1': 'something is missing' },
  async run(context) {
    const { checkConfiguration } = await import('../doctor/check-configuration.ts');
    const { checkJob, checkServer } = await import('../doctor/check-job.ts');
    const folder = resolve(context.cwd, context.options.config ?? '.vouchgate/config');
    const isWanted = context.options.config !== undefined || (await exists(folder));
    const server = context.global.server;
    const checks = [
      ...checkJob(context.env),
      ...(isWanted ? await checkConfiguration(folder, context.env, context.clock) : []),
      ...(server === undefined ? [] : await checkServer(server)),
    ];
    await writeAll(
      context.stdout,
      context.global.format === 'json' ? `${JSON.stringify({ checks })}\n` : describe(checks),
    );
    return checks.some(({ status }) => status === 'problem') ? exitCodes.negative : exitCodes.ok;
  },
});

function describe(checks: readonly Check[]): string {
  if (checks.length === 0) {
    return 'There is nothing to look at here: name a configuration with --config DIR, or a server with --server URL.\n';
  }
  return checks
    .map(({ area, status, message, remedy }) => {
      const advice = remedy === undefined ? '' : `    → ${printable(remedy)}\n`;
      return `${MARK[status]} ${area}: ${printable(message)}\n${advice}`;
    })
    .join('');
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
