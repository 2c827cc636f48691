import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import { toJson } from '#findings/reporters/plain-text.ts';
import type { Persona, Severity } from '#findings/severity.ts';
import { listRepositories } from '#scan/organisation/list-repositories.ts';
import type { RepositoryEntry } from '#scan/organisation/record.ts';
import { type OrganisationScan, scanOrganisation } from '#scan/organisation/scan-organisation.ts';
import { isNegative, type OrganisationSummary, summarise } from '#scan/organisation/summarise.ts';
import type { Rule } from '#scan/rule.ts';
import { CommandError } from '../../command-error.ts';
import type { CommandStreams } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { writeAll } from '../../output.ts';
import { ScanCommandError } from '../scan-command-error.ts';
import { createOrganisationProgress } from './progress.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderTerminal } from './render-terminal.ts';

/** What the command line says, read. */
export interface OrganisationCommand {
  /** A folder of clones, or a list; undefined when a platform is asked. */
  readonly target: string | undefined;
  readonly outputFolder: string | undefined;
  readonly repositoryFormats: readonly string[];
  readonly format: string;
  readonly rules: readonly Rule[];
  readonly persona: Persona | undefined;
  readonly failOn: Severity | 'never';
  readonly asOfMs: number;
  readonly toolVersion: string;
  readonly quiet: boolean;
}

const COLUMNS = 80;
const DAY_MS = 86_400_000;

const WRITERS: Readonly<Record<string, (summary: OrganisationSummary, columns: number) => string>> = {
  terminal: renderTerminal,
  json: (summary) => toJson(summary),
  markdown: (summary) => renderMarkdown(summary),
  html: (summary) => renderHtml(summary),
};

/** Without the platform's answers, these decide as much as the files do. */
const UNKNOWN_WITHOUT_PLATFORM = [
  'Settings of the platform were not asked for: branch protection, reviewers and branch policies of environments, the default permissions of the token, who may start runs from forks, which secrets are the organisation’s, and which repositories a runner group serves. Findings that depend on them say what the files show.',
  'What another repository holds is judged as it stands in this set, whatever tag or commit the caller names.',
];

export function requireWriter(format: string): (summary: OrganisationSummary, columns: number) => string {
  const writer = Object.hasOwn(WRITERS, format) ? WRITERS[format] : undefined;
  if (writer !== undefined) return writer;
  throw new CommandError('usage_invalid', `there is no summary of an organisation as ${format}`, {
    remedy: `Choose one of ${Object.keys(WRITERS).join(', ')}; --repository-format says what is written for each repository.`,
  });
}

function writeSummaries(folder: string, summary: OrganisationSummary): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'summary.json'), toJson(summary));
    writeFileSync(path.join(folder, 'summary.html'), renderHtml(summary));
  } catch (cause) {
    throw new ScanCommandError(
      'output_unwritable',
      `the summary cannot be written to ${folder}: ${messageOf(cause)}`,
      {
        remedy: 'Name a folder that this user may write to.',
        cause,
      },
    );
  }
}

function describeRun({ judged, judgedTogether, records }: OrganisationScan): string {
  const same = records.length - judged;
  const together =
    judgedTogether === 0
      ? ''
      : `, ${judgedTogether} of them again with the repositories that they call or that call them`;
  return `${judged} repositories looked at${together}; ${same} as they were in the last run\n`;
}

/** Scans the repositories, writes what is to be written, and gives the exit code. */
export async function runOrganisation(
  command: OrganisationCommand,
  streams: CommandStreams,
  entries: readonly RepositoryEntry[] = listRepositories(
    path.resolve(streams.cwd, command.target ?? '.'),
  ).entries,
  platform: Pick<Parameters<typeof scanOrganisation>[1], 'settings' | 'organisationSecrets'> & {
    readonly unknown?: readonly string[];
  } = {},
): Promise<number> {
  const { stdout, stderr, env } = streams;
  const write = requireWriter(command.format);
  const progress = createOrganisationProgress(streams, command.quiet);
  // Of one day, so that the second run of a day finds the first one's answers.
  const asOfMs = Math.floor(command.asOfMs / DAY_MS) * DAY_MS;
  const { settings, organisationSecrets, unknown = UNKNOWN_WITHOUT_PLATFORM } = platform;
  const scan = await scanOrganisation(entries, {
    rules: command.rules,
    asOfMs,
    persona: command.persona,
    outputFolder: command.outputFolder,
    formats: command.repositoryFormats,
    toolVersion: command.toolVersion,
    searchPath: env['PATH'],
    ...(settings === undefined ? {} : { settings }),
    organisationSecrets,
    onProgress: (done) => progress.update(done),
  });
  progress.clear();
  const summary = summarise(scan, asOfMs, unknown);
  if (command.outputFolder !== undefined) writeSummaries(command.outputFolder, summary);
  await writeAll(stdout, write(summary, stdout.columns ?? COLUMNS));
  if (!command.quiet) stderr.write(describeRun(scan));
  const { failOn } = command;
  return failOn !== 'never' && isNegative(summary, failOn) ? exitCodes.negative : exitCodes.ok;
}
