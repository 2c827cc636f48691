import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { secretValuesOf } from '../client/secret-values.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatCredential, type CredentialFormat } from '../job/credential-formats.ts';
import { describeIssued } from '../job/describe-issued.ts';
import { exitCodeOfDenial, formatDenial, formatDenialJson } from '../job/denial-report.ts';
import { jobOptions, openJobSession } from '../job/job-session.ts';
import { parseTtlSeconds } from '../job/ttl.ts';
import { printable, writeAll } from '../output.ts';
import { detectLogMasking } from '../platform/detect-platform.ts';
import { writePrivateFile } from '../private-file.ts';

const FORMATS = ['env', 'json', 'aws-process', 'file'] as const satisfies readonly CredentialFormat[];

function readFormat(text: string | undefined): CredentialFormat {
  return FORMATS.find((format) => format === text) ?? 'env';
}

function assertPlace(
  format: CredentialFormat,
  output: string | undefined,
  isTty: boolean,
  show: boolean,
): void {
  if (format === 'file' && output === undefined) {
    throw new CommandError('usage_invalid', '--as file needs --output', { remedy: 'Add --output FILE.' });
  }
  if (isTty && output === undefined && !show) {
    throw new CommandError('secret_on_terminal', 'a secret is not printed to a terminal', {
      remedy: 'Write it to a file (--output FILE), use `vouchgate run`, or add --show.',
    });
  }
}

export const command = defineCommand({
  name: 'credential',
  summary: 'get one credential, and print it or write it to a file',
  description:
    'Gets a credential for one resource and hands it over. It lives until its expiry: nothing revokes it, ' +
    'unless you do (the lease is named on stderr). Where a command is run with it, `vouchgate run` is better.\n\n' +
    'On GitHub, Azure Pipelines and Buildkite the values are hidden in the log first. GitLab cannot hide what ' +
    'it did not know when the job started: never let the output go to the log there.',
  args: [{ name: '<resource>', description: 'name of the resource' }],
  options: {
    as: {
      value: 'format',
      choices: FORMATS,
      description: 'env: shell exports; json; aws-process: for credential_process; file: one bare value',
    },
    output: { short: 'o', value: 'file', description: 'write to a file that only you can read (0600)' },
    field: { value: 'name', description: 'the field for --as file, where there are several' },
    ttl: { value: 'duration', description: 'ask for a shorter life: 90s, 15m, 1h' },
    show: { description: 'print the secret even to a terminal' },
    ...jobOptions,
  },
  examples: [
    {
      explanation: 'the variables of a database in this shell',
      command: 'eval "$(vouchgate credential shop-db --as env)"',
    },
    {
      explanation: 'in ~/.aws/config, so that the AWS SDKs fetch it by themselves',
      command: 'credential_process = vouchgate credential deploy --as aws-process --quiet',
    },
  ],
  async run(context) {
    const { options, global, stderr } = context;
    const format = readFormat(options.as);
    assertPlace(format, options.output, context.isTty, options.show);
    const [resource = ''] = context.args;
    const session = openJobSession(context);
    const result = await session.obtain(resource, parseTtlSeconds(options.ttl));
    if (result.outcome === 'denied') {
      const { denial } = result;
      await writeAll(stderr, (global.format === 'json' ? formatDenialJson : formatDenial)(resource, denial));
      return exitCodeOfDenial(denial);
    }
    const { issued } = result;
    try {
      await detectLogMasking(context.env, stderr).mask(secretValuesOf(issued));
      const text = formatCredential(issued, format, options.field);
      if (options.output === undefined) await writeAll(context.stdout, text);
      else await writePrivateFile(options.output, text);
    } catch (error) {
      // Nobody has it, so nobody should be able to use it. The first error is the one to tell.
      if (issued.lease.revocable) await session.leases.revoke(issued.lease, 10_000).catch(() => {});
      throw error;
    }
    if (!global.quiet) {
      const told = describeIssued(issued, context.clock.nowMs());
      const ending = `  to end it sooner: vouchgate leases revoke ${issued.lease.id}`;
      stderr.write([...told, ending].map((line) => `vouchgate: ${printable(line)}\n`).join(''));
    }
    return exitCodes.ok;
  },
});
