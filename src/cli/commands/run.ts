import { defineCommand } from '../command.ts';
import { jobOptions, openJobSession } from '../job/job-session.ts';
import { RUN_EXIT_CODE_OFFSET, runJob } from '../job/run-job.ts';
import { planRun } from '../job/run-plan.ts';
import { parseTtlSeconds } from '../job/ttl.ts';

function redactMode(text: string | undefined): 'always' | 'auto' | 'never' {
  return text === 'always' || text === 'never' ? text : 'auto';
}

export const command = defineCommand({
  name: 'run',
  summary: 'run a command with credentials, and revoke them at its end',
  description:
    'Gets a credential for each resource, runs the command with them in its environment, renews what can be ' +
    'renewed, and revokes everything when the command ends, however it ends.\n\n' +
    "The job's own token, and what could get another, are not passed on. Values are hidden by the log of " +
    'GitHub, Azure Pipelines and Buildkite; elsewhere the output is read and redacted here, unless it goes to a ' +
    'terminal. A program of the same user can still read what this process knows: the environment is kept ' +
    'clean, it is not a sandbox.\n\n' +
    'AWS credentials are served on a loopback endpoint where the platform can give another token (GitHub), ' +
    'so that SDKs get new ones as long as the command runs; --no-refresh sets AWS_ACCESS_KEY_ID and so on.',
  args: [
    { name: '<command>', description: 'the program to run' },
    { name: '[args...]', description: 'its arguments' },
  ],
  passThrough: true,
  options: {
    resource: {
      short: 'r',
      value: 'name',
      repeatable: true,
      description: 'a resource whose variables to set; may be repeated',
    },
    env: {
      short: 'e',
      value: 'NAME=RESOURCE.field',
      repeatable: true,
      description: 'set one variable from one field; may be repeated',
    },
    ttl: { value: 'duration', description: 'ask for a shorter life: 90s, 15m, 1h' },
    'keep-env': { value: 'name', repeatable: true, description: 'pass a variable that would be removed' },
    'clean-env': { description: 'pass only PATH, HOME, LANG, TERM and the like, and the credentials' },
    redact: {
      value: 'when',
      choices: ['always', 'auto', 'never'],
      description: 'replace the values in what the command prints (default: auto)',
    },
    'no-refresh': { description: 'hand AWS credentials over as variables, once' },
    receipt: {
      value: 'file',
      description: 'write the proof of what was decided, for `vouchgate audit verify`',
    },
    ...jobOptions,
  },
  examples: [
    {
      explanation: 'a migration with a database role that lives as long as it runs',
      command: 'vouchgate run --resource shop-db -- npm run migrate',
    },
    {
      explanation: 'two databases, each under names of its own',
      command: 'vouchgate run -e A_PASS=db-a.password -e B_PASS=db-b.password -- ./copy',
    },
  ],
  exitCodes: {
    '126, 127': 'the command could not be run, or was not found',
    '128 + n': 'the command ended by signal n',
    other: "the command's own",
  },
  exitCodeOffset: RUN_EXIT_CODE_OFFSET,
  async run(context) {
    const { options } = context;
    const plan = planRun(options.resource, options.env, context.args);
    const ttlSeconds = parseTtlSeconds(options.ttl);
    return runJob(context, plan, openJobSession(context), {
      ttlSeconds,
      keepEnv: options['keep-env'],
      cleanEnv: options['clean-env'],
      redact: redactMode(options.redact),
      refresh: !options['no-refresh'],
      receipt: options.receipt,
    });
  },
});
