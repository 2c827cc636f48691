import path from 'node:path';
import { CommandError } from '../command-error.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { jobOptions } from '../job/job-session.ts';
import { writeAll } from '../output.ts';
import { readToolVersion } from '../tool-version.ts';

const FORMATS = ['text', 'json', 'sarif'] as const;

const options = {
  policy: {
    value: 'file',
    description: 'which findings block (default: vouchgate.policy.yaml, if it is there)',
  },
  report: {
    value: 'file',
    repeatable: true,
    description: 'also judge the report of another tool; KIND=FILE says what it tests (SAST, SCA, IaC, …)',
  },
  workflow: { value: 'file', description: 'judge only this definition and what it is made of' },
  'new-only': { description: 'block only on what the default branch does not have' },
  baseline: { value: 'file', description: 'block only on what does not stand in this file' },
  suppressions: {
    value: 'whose',
    choices: ['none', 'default-branch', 'all'],
    description: 'whose waivers and ignores count (default: default-branch; all: those of these files, too)',
  },
  'default-ref': { value: 'ref', description: 'the default branch in this clone (default: that of origin)' },
  repository: { value: 'name', description: 'owner/name, for rules about some (default: from the platform)' },
  ref: { value: 'ref', description: 'full ref, for rules about some (default: from the platform)' },
  environment: { value: 'name', description: 'environment of the job, for rules about some' },
  format: { value: 'format', choices: FORMATS, description: 'what to write (default: text)' },
  server: {
    value: 'url',
    description: "ask this server for the posture of the job's token, instead of judging here",
  },
  ...jobOptions,
} as const;
type GateCommand = CommandContext<typeof options>;

async function decideOffline(context: GateCommand, root: string): Promise<number> {
  const { options: given, cwd, env, clock, stdout, global } = context;
  const { decideHere } = await import('../gate/decide-here.ts');
  const { formatDecision, toDecisionJson, toDecisionSarif } = await import('../gate/write-decision.ts');
  const version = readToolVersion();
  const outcome = await decideHere(path.resolve(cwd, root), given, { cwd, env, clock, version });
  const format = given.format ?? global.format;
  const text =
    format === 'sarif'
      ? toDecisionSarif(outcome, version)
      : format === 'json'
        ? toDecisionJson(outcome)
        : formatDecision(outcome);
  await writeAll(stdout, text);
  return outcome.decision.grade === 'fail' ? exitCodes.negative : exitCodes.ok;
}

async function decideThere(context: GateCommand): Promise<number> {
  const { options: given, global, args, stdout } = context;
  const local = [given.policy, given.baseline, given.workflow, given.suppressions, given['default-ref']];
  if (args.length > 0 || given.report.length > 0 || local.some((value) => value !== undefined)) {
    throw new CommandError('usage_invalid', 'the server judges what the token names, by its own policy', {
      remedy: 'Leave out the path and the options about files, or leave out --server.',
    });
  }
  const { askServer, exitCodeOfPosture, formatPosture } = await import('../gate/ask-server.ts');
  if (given.format === 'sarif') {
    throw new CommandError('usage_invalid', 'SARIF is written for the files that are here', {
      remedy: 'Leave out --server, or write --format json.',
    });
  }
  const result = await askServer(context);
  const isJson = (given.format ?? global.format) === 'json';
  await writeAll(stdout, isJson ? `${JSON.stringify(result)}\n` : formatPosture(result));
  return exitCodeOfPosture(result);
}

export const command = defineCommand({
  name: 'gate',
  summary: 'decide whether this pipeline may go on, and say why not',
  description:
    'Inspects the pipeline definitions of a repository, joins the reports of other tools, applies vouchgate.policy.yaml, ' +
    'and fails with the findings that block, their lines and what mends them. Needs no server and no network. With ' +
    "--server it asks how the server sees the pipeline of this job's token: the same verdict that its policies see.",
  args: [{ name: '[path]', description: 'root of the repository (default: the current folder)' }],
  options,
  examples: [
    { explanation: 'before a deployment, in a checkout', command: 'vouchgate gate' },
    {
      explanation: 'with what Trivy and Semgrep found, as a verdict for code scanning',
      command: 'vouchgate gate --report trivy.json --report SAST=semgrep.sarif --format sarif > gate.sarif',
    },
    { explanation: 'a team that starts: only what is new blocks', command: 'vouchgate gate --new-only' },
    {
      explanation: 'in a job: what the server will say when it asks for a credential',
      command: 'vouchgate gate --server https://vouchgate.acme.example',
    },
  ],
  exitCodes: {
    '0': 'the gate is open: pass, or warn',
    '1': 'the gate is closed',
    '4': 'the server does not answer, or does not know how the pipeline is',
  },
  async run(context) {
    const { options: given, args } = context;
    return given.server === undefined
      ? await decideOffline(context, args[0] ?? '.')
      : await decideThere(context);
  },
});
