import {
  Finding,
  FindingGroupList,
  FindingKind,
  FindingPage,
  FindingSeverity,
  FindingState,
  type FindingSummary,
} from '#api/finding.ts';
import { type CommandStreams, defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { connectAsPerson } from '../client/connect.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatFinding, formatGroup, formatSummary } from '../findings/format-finding.ts';
import { triageCommands } from '../findings/triage-commands.ts';
import { printable, writeAll } from '../output.ts';
import { readLimit } from '../read-limit.ts';

/** The page comes worst first; within it we sort by what the server says to do first. */
function byPriority(findings: readonly FindingSummary[]): readonly FindingSummary[] {
  return findings.toSorted((left, right) => right.priority.score - left.priority.score);
}

function writeWarnings({ stderr }: CommandStreams, warnings: readonly string[]): void {
  for (const warning of warnings) stderr.write(`vouchgate: priorities: ${printable(warning)}\n`);
}

function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(',');
}

/** What nobody lives with: the list of what is to be done. */
const UNRESOLVED = 'new,open,reopened';

const list = defineCommand({
  name: 'list',
  summary: 'list findings, what to do first at the top',
  options: {
    repository: { value: 'name', description: 'only those of one repository' },
    tool: { value: 'name', description: 'only those of one tool' },
    target: { value: 'target', description: 'only those of one target (branch=main)' },
    state: {
      value: 'state',
      repeatable: true,
      choices: [...FindingState.options, 'all'],
      description: 'only in this state (default: new, open and reopened)',
    },
    severity: {
      value: 'severity',
      repeatable: true,
      choices: FindingSeverity.options,
      description: 'only of this severity',
    },
    kind: { value: 'kind', repeatable: true, choices: FindingKind.options, description: 'only of this kind' },
    rule: { value: 'id', description: 'only of one rule' },
    file: { value: 'path', description: 'only in one file' },
    owner: { value: 'name', description: 'only those of one owner, as CODEOWNERS names it' },
    assignee: { value: 'name', description: 'only what one has to mend' },
    overdue: { description: 'only what is past its day' },
    after: { value: 'place', description: 'continue where the last list ended' },
    limit: { value: 'number', description: 'how many (default: 100)' },
  },
  examples: [
    {
      explanation: 'what should have been mended by now',
      command: 'vouchgate findings list --overdue',
    },
  ],
  async run(context) {
    const { options, global, stdout, stderr } = context;
    const states = options.state.includes('all') ? undefined : (joined(options.state) ?? UNRESOLVED);
    const page = await (await connectAsPerson(context)).call({
      method: 'GET',
      path: '/v1/findings',
      query: {
        repository: options.repository,
        tool: options.tool,
        target: options.target,
        state: states,
        severity: joined(options.severity),
        kind: joined(options.kind),
        rule: options.rule,
        file: options.file,
        owner: options.owner,
        assignee: options.assignee,
        overdue: options.overdue ? 'true' : undefined,
        after: options.after,
        limit: readLimit(options.limit),
      },
      schema: FindingPage,
    });
    writeWarnings(context, page.priorityWarnings);
    if (global.format === 'json') {
      await writeAll(stdout, `${JSON.stringify(page)}\n`);
      return exitCodes.ok;
    }
    const text = byPriority(page.findings).map(formatSummary).join('');
    await writeAll(stdout, text === '' ? 'There are no such findings.\n' : text);
    if (page.next !== null) {
      const order = 'pages go by severity, and only within one by priority';
      stderr.write(`vouchgate: there are more: add --after ${page.next} (${order})\n`);
    }
    return exitCodes.ok;
  },
});

const show = defineCommand({
  name: 'show',
  summary: 'show one finding with its history',
  args: [{ name: '<id>', description: 'the finding, fnd_…' }],
  async run(context) {
    const [id = ''] = context.args;
    const finding = await (await connectAsPerson(context)).call({
      method: 'GET',
      path: `/v1/findings/${encodeURIComponent(id)}`,
      schema: Finding,
    });
    writeWarnings(context, finding.priorityWarnings);
    const text = context.global.format === 'json' ? `${JSON.stringify(finding)}\n` : formatFinding(finding);
    await writeAll(context.stdout, text);
    return exitCodes.ok;
  },
});

const groups = defineCommand({
  name: 'groups',
  summary: 'show what several tools say about the same thing',
  options: {
    repository: { value: 'name', description: 'the repository' },
    target: { value: 'target', description: 'only one target (branch=main)' },
  },
  async run(context) {
    const { options, global, stdout, stderr } = context;
    if (options.repository === undefined) {
      throw new CommandError('usage_invalid', '--repository is missing', {
        remedy: 'Groups are within one repository: --repository acme/shop',
      });
    }
    const found = await (await connectAsPerson(context)).call({
      method: 'GET',
      path: '/v1/findings/groups',
      query: { repository: options.repository, target: options.target },
      schema: FindingGroupList,
    });
    writeWarnings(context, found.priorityWarnings);
    if (global.format === 'json') {
      await writeAll(stdout, `${JSON.stringify(found)}\n`);
      return exitCodes.ok;
    }
    const text = found.groups.map(formatGroup).join('\n');
    await writeAll(stdout, text === '' ? 'No two tools say the same.\n' : text);
    if (found.truncated) stderr.write('vouchgate: only the worst 10,000 findings were compared\n');
    return exitCodes.ok;
  },
});

export const command = defineCommand({
  name: 'findings',
  summary: 'list, show and decide about findings of all tools',
  subcommands: [list, show, groups, ...triageCommands],
});
