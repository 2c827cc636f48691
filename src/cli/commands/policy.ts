import { grades } from '#policy/posture.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatParagraph } from '../layout.ts';
import { writeAll } from '../output.ts';
import type { SubjectOptions } from '../policy/read-claims.ts';

/** Said here and not imported: the help of a command must not load the policy engine. */
const config = {
  value: 'DIR',
  description: 'folder with vouchgate.yaml (default: ., ./vouchgate or .vouchgate/config)',
} as const;
const subject = {
  'token-file': { value: 'FILE', description: "a job's OIDC token" },
  claims: { value: 'FILE', description: 'the claims of a token as JSON, with --provider' },
  provider: { value: 'NAME', description: 'identity provider whose claims these are' },
} as const;
const folderArgument = { name: '[dir]', description: 'the same as --config' } as const;

function folderOf(context: { args: readonly string[]; options: { config: string | undefined } }) {
  const [given] = context.args;
  if (given === undefined || context.options.config === undefined) return context.options.config ?? given;
  throw new CommandError('usage_invalid', 'the folder is given twice', {
    remedy: 'Name it once: as an argument or with --config.',
  });
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

async function write(context: CommandContext, value: object, text: string): Promise<void> {
  await writeAll(context.stdout, context.global.format === 'json' ? `${JSON.stringify(value)}\n` : text);
}

const check = defineCommand({
  name: 'check',
  summary: 'say what is wrong with a configuration and its policies',
  description:
    'Reads vouchgate.yaml and all policies as the server would: syntax, types, names and lints, each with its place and what to do. Reaches nothing: `vouchgate doctor` does.',
  args: [folderArgument],
  options: { config },
  examples: [
    { explanation: 'in the pipeline of the repository that has it', command: 'vouchgate policy check' },
  ],
  exitCodes: { '1': 'it would not be put in force' },
  async run(context) {
    const { describeProblem, isWarning, openConfiguration, placeFrom } = await import(
      '../policy/open-configuration.ts'
    );
    const opened = await openConfiguration(context.cwd, folderOf(context));
    const found = (opened.ok ? opened.configuration.warnings : opened.problems).map((problem) =>
      placeFrom(context.cwd, opened.folder, problem),
    );
    const errors = opened.ok ? [] : found.filter((problem) => !isWarning(problem));
    const warnings = opened.ok ? found : found.filter(isWarning);
    const summary = opened.ok
      ? `valid: ${count(opened.configuration.resources.size, 'resource', 'resources')}, ${count(opened.configuration.policies.length, 'policy', 'policies')}\n`
      : `${count(errors.length, 'error', 'errors')}: it would not be put in force\n`;
    const text = [
      ...errors.map((problem) => describeProblem(problem, 'error')),
      ...warnings.map((problem) => describeProblem(problem, 'warning')),
      context.global.quiet ? '' : summary,
    ].join('');
    await write(context, { valid: opened.ok, folder: opened.folder, errors, warnings }, text);
    return opened.ok ? exitCodes.ok : exitCodes.negative;
  },
});

const test = defineCommand({
  name: 'test',
  summary: 'run the *.test.yaml files beside the policies',
  description:
    'Each case names a workload, by its identity or by the claims of a token, a resource, and whether it is to be allowed; the policies of the folder decide.',
  args: [folderArgument],
  options: { config },
  exitCodes: { '1': 'a test failed' },
  async run(context) {
    const { requireConfiguration } = await import('../policy/open-configuration.ts');
    const { describeRun, runTests } = await import('../policy/run-tests.ts');
    const { folder, configuration } = await requireConfiguration(context.cwd, folderOf(context));
    const run = await runTests(context.cwd, folder, configuration);
    if (run.results.length === 0 && run.problems.length === 0) {
      throw new CommandError('usage_invalid', `there are no tests in ${folder}`, {
        remedy: 'Write them in files named *.test.yaml; docs/guides/policies.md has an example.',
      });
    }
    await write(context, run, describeRun(run));
    return run.passed ? exitCodes.ok : exitCodes.negative;
  },
});

const simulate = defineCommand({
  name: 'simulate',
  summary: 'say what would be decided, and why; nothing is recorded',
  description:
    'Decides here, with the files of a folder; with --server, and no --config, the server decides with what it has in force, for which you must be logged in. Here a key is taken as proved, and the address as unknown.',
  options: {
    resource: { value: 'NAME', description: 'what would be asked for' },
    ...subject,
    action: { value: 'ACTION', choices: ['issue', 'renew'], description: 'issue or renew (default: issue)' },
    posture: {
      value: 'GRADE',
      choices: grades,
      description: 'grade of the pipeline, as nothing is inspected here (default: not known)',
    },
    config,
  },
  examples: [
    {
      explanation: 'may this workload have it?',
      command: 'vouchgate policy simulate --resource shop-db --claims job.json --provider github',
    },
  ],
  exitCodes: { '1': 'it would be denied' },
  async run(context) {
    const { options, global } = context;
    const { describeVerdict, simulateHere, simulateThere } = await import('../policy/simulate.ts');
    const question = {
      ...options,
      resource: requireResource(options.resource),
      action: options.action === 'renew' ? ('renew' as const) : ('issue' as const),
      posture: grades.find((grade) => grade === options.posture),
    };
    const isThere =
      options.config === undefined && options.claims === undefined && global.server !== undefined;
    const verdict = await (isThere ? simulateThere : simulateHere)(context, question);
    await write(context, verdict, describeVerdict(verdict));
    return verdict.allowed ? exitCodes.ok : exitCodes.negative;
  },
});

const suggest = defineCommand({
  name: 'suggest',
  summary: 'draft a policy for one workload and one resource',
  description:
    "Prints a permit that fits the workload of a token and no other: bound to its project's id, its ref, environment and trigger. Read it before you put it in force.",
  options: { resource: { value: 'NAME', description: 'what the workload is to have' }, ...subject, config },
  examples: [
    {
      explanation: 'a first policy from a token of the job',
      command: 'vouchgate policy suggest --resource shop-db --token-file token.jwt > policies/shop.cedar',
    },
  ],
  run: (context) => suggestPolicyFor(context, context.options),
});

async function suggestPolicyFor(
  context: CommandContext,
  options: SubjectOptions & { resource: string | undefined; config: string | undefined },
): Promise<number> {
  const { requireConfiguration } = await import('../policy/open-configuration.ts');
  const { findResource } = await import('../policy/find-resource.ts');
  const { readSubject } = await import('../policy/read-claims.ts');
  const { suggestPolicy } = await import('#policy/suggest.ts');
  const { configuration } = await requireConfiguration(context.cwd, options.config);
  const resource = findResource(configuration, requireResource(options.resource));
  const subject = await readSubject(context.cwd, options, configuration);
  if (!subject.ok) {
    const { message, remedy } = subject.refusal;
    throw new CommandError('usage_invalid', `the token would not be accepted: ${message}`, { remedy });
  }
  const inspected = configuration.posture !== undefined;
  const policy = suggestPolicy({ identity: subject.identity, resource, inspected });
  await write(context, { policy }, policy);
  if (!context.global.quiet) {
    const note = 'A draft: nobody has checked the signature of the token, and only you know what is meant.';
    await writeAll(context.stderr, formatParagraph('! ', note));
  }
  return exitCodes.ok;
}

function requireResource(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new CommandError('usage_invalid', 'say which resource it is about', {
    remedy: 'Give --resource NAME.',
  });
}

export const command = defineCommand({
  name: 'policy',
  summary: 'check, test, simulate and draft access policies',
  subcommands: [check, test, simulate, suggest],
});
