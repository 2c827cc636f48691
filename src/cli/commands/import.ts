import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Report } from '#api/report.ts';
import { AppError } from '#core/errors.ts';
import type { ImportedReport, ImportWarning } from '#findings/importer.ts';
import { readReport } from '#findings/read-report.ts';
import { severities } from '#findings/severity.ts';
import { type ReportTarget, scopeKey } from '#findings/tracking/scope.ts';
import { splitReport } from '#findings/tracking/split-report.ts';
import { connectAsPerson } from '../client/connect.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { readJobTarget } from '../findings/job-target.ts';
import { type ReportFile, readReportFile } from '../findings/read-report-file.ts';
import { formatError } from '../format-error.ts';
import { formatParagraph } from '../layout.ts';
import { printable, writeAll } from '../output.ts';

const WARNINGS_SHOWN = 10;
const zip = promisify(gzip);

const options = {
  'dry-run': { description: 'read and show, store nothing; needs no server' },
  repository: { value: 'name', description: 'owner/name or another label (default: that of the CI job)' },
  commit: { value: 'sha', description: 'commit that was looked at (default: that of the CI job)' },
  branch: { value: 'name', description: 'branch that was looked at (default: that of the CI job)' },
  image: { value: 'name', description: 'container image that was looked at' },
  part: {
    value: 'name',
    description: 'part of a tool’s work, where its reports do not replace each other (code, backend)',
  },
  as: { value: 'format', description: 'the format, where it is not to be recognised' },
} as const;
type ImportContext = CommandContext<typeof options>;

function describeWarnings(name: string, warnings: readonly ImportWarning[]): string {
  const shown = warnings
    .slice(0, WARNINGS_SHOWN)
    .map(({ at, message }) => formatParagraph('  ! ', `${name}, ${at}: ${message}`));
  const rest = warnings.length - shown.length;
  return `${shown.join('')}${rest > 0 ? `  ! and ${rest} more\n` : ''}`;
}

function countText(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `12 findings of Checkov: 3 high, 9 medium`. */
function describeReport(title: string, { findings }: ImportedReport): string {
  const counts = Map.groupBy(findings, ({ severity }) => severity);
  const parts = severities.toReversed().flatMap((severity) => {
    const count = counts.get(severity)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const text = `${countText(findings.length, 'finding', 'findings')} of ${title}`;
  return parts.length === 0 ? text : `${text}: ${parts.join(', ')}`;
}

/** Reads each file in turn; one that cannot be read does not keep the others out. */
async function eachFile(
  context: ImportContext,
  work: (file: ReportFile) => Promise<void>,
): Promise<{ readonly failed: unknown[] }> {
  const { args, stderr, global } = context;
  if (args.filter((file) => file === '-').length > 1) {
    throw new CommandError('usage_invalid', 'standard input can be read once', { remedy: 'Give - once.' });
  }
  const failed: unknown[] = [];
  for (const [index, file] of args.entries()) {
    const shows = stderr.isTTY === true && !global.quiet;
    if (shows) stderr.write(`\r\u001b[K${index + 1} of ${args.length}: ${printable(file)}`);
    try {
      const report = await readReportFile(file, context);
      if (shows) stderr.write('\r\u001b[K');
      await work(report);
    } catch (error) {
      if (shows) stderr.write('\r\u001b[K');
      if (args.length === 1 || !(error instanceof AppError)) throw error;
      stderr.write(formatError(error, global.format));
      failed.push(error);
    }
  }
  return { failed };
}

/** The most severe of what went wrong; a file that cannot be read is wrong usage, a missing server is not. */
function exitCodeFor(failed: readonly unknown[]): number {
  return failed.map(exitCodeOf).reduce((worst, code) => Math.max(worst, code), exitCodes.ok);
}

async function runDry(context: ImportContext): Promise<number> {
  const { options: given, stdout, stderr, global } = context;
  const asked = given.as === undefined ? {} : { as: given.as };
  const findings: ImportedReport['findings'][number][] = [];
  const warnings: ImportWarning[] = [];
  const several = context.args.length > 1;
  const { failed } = await eachFile(context, async ({ name, bytes }) => {
    const { importer, report } = readReport(name, bytes, asked);
    for (const finding of report.findings) findings.push(finding);
    for (const { at, message } of report.warnings) {
      warnings.push({ at: several ? `${name}: ${at}` : at, message });
    }
    if (global.format === 'json') return;
    await writeAll(stdout, formatParagraph('', `${name}: ${describeReport(importer.title, report)}`));
    if (!global.quiet) stderr.write(describeWarnings(name, report.warnings));
  });
  if (global.format === 'json') await writeAll(stdout, `${JSON.stringify({ findings, warnings })}\n`);
  return exitCodeFor(failed);
}

function describeStored(name: string, { counts, warnings, ambiguities }: Report): string {
  const lines = counts.map(({ tool, reported, ...count }) => {
    const parts = [
      `${count.new} new`,
      `${count.stillThere} still there`,
      ...(count.reopened > 0 ? [`${count.reopened} came back`] : []),
      `${count.fixed} fixed`,
    ];
    return formatParagraph('', `${name}: ${reported} of ${tool}: ${parts.join(', ')}`);
  });
  const unclear = ambiguities.map((text) => formatParagraph('  ? ', text));
  return [...lines, ...unclear, describeWarnings(name, warnings)].join('');
}

/** Two reports of one scope would replace each other: the second would close all that only the first one has. */
async function refuseRivals(context: ImportContext, target: ReportTarget, repository: string): Promise<void> {
  const { options: given, args } = context;
  const seen = new Map<string, string>();
  for (const file of args.length > 1 ? args.filter((each) => each !== '-') : []) {
    const { name, bytes } = await readReportFile(file, context).catch(() => ({
      name: file,
      bytes: undefined,
    }));
    if (bytes === undefined) continue;
    for (const { scope } of scopesIn(name, bytes, given.as, target, repository)) {
      const key = scopeKey(scope);
      const rival = seen.get(key);
      if (rival !== undefined && rival !== file) {
        throw new CommandError(
          'usage_invalid',
          `${rival} and ${file} would replace each other: both are of ${scope.tool}`,
          {
            remedy: 'Import them one by one, each with a --part of its own.',
          },
        );
      }
      seen.set(key, file);
    }
  }
}

/** What the server will say itself about a report that cannot be read is not said here. */
function scopesIn(
  name: string,
  bytes: Buffer,
  as: string | undefined,
  target: ReportTarget,
  repository: string,
) {
  try {
    const { report, importer } = readReport(name, bytes, as === undefined ? {} : { as });
    return splitReport({ ...target, report, kinds: importer.kinds, repository }).parts;
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

async function runUpload(context: ImportContext): Promise<number> {
  const { options: given, stdout, global, env } = context;
  const job = readJobTarget(env);
  const repository = given.repository ?? job.repository;
  if (repository === undefined) {
    throw new CommandError('usage_invalid', 'nobody says which repository this is about', {
      remedy: 'Give --repository owner/name, or look at the reports with --dry-run.',
    });
  }
  const branch = given.branch ?? job.branch;
  const target = {
    ...(branch !== undefined && { branch }),
    ...(given.image !== undefined && { image: given.image }),
    ...(given.part !== undefined && { part: given.part }),
  };
  await refuseRivals(context, target, repository);
  const client = await connectAsPerson(context);
  const reports: Report[] = [];
  const { failed } = await eachFile(context, async ({ name, bytes }) => {
    const report = await client.call({
      method: 'POST',
      path: '/v1/reports',
      query: {
        repository,
        name: name.slice(0, 200),
        commit: given.commit ?? job.commit,
        branch,
        image: given.image,
        part: given.part,
        as: given.as,
      },
      gzipped: await zip(bytes),
      schema: Report,
    });
    reports.push(report);
    if (global.format !== 'json') await writeAll(stdout, describeStored(name, report));
  });
  if (global.format === 'json') await writeAll(stdout, `${JSON.stringify({ reports })}\n`);
  return exitCodeFor(failed);
}

export const command = defineCommand({
  name: 'import',
  summary: 'take in the reports of other security tools',
  description:
    'Recognises the format of each report by what it holds, and hands the findings to the server, which matches them ' +
    'with what it knows: new, still there, fixed. A report closes only findings of its own tool, branch, image and ' +
    'part. With --dry-run it is read and shown here, and nothing is stored.',
  args: [{ name: '<file...>', description: 'reports; - is standard input' }],
  options,
  examples: [
    { explanation: 'look at what is in a report', command: 'vouchgate import --dry-run checkov.json' },
    {
      explanation: 'in a CI job, which says itself what repository and branch it is',
      command: 'vouchgate import trivy.json semgrep.sarif',
    },
    {
      explanation: 'the findings of our own scan, too',
      command: 'vouchgate scan --format json | vouchgate import - --repository acme/shop --branch main',
    },
  ],
  exitCodes: {
    '0': 'all reports were taken in',
    '2': 'a report could not be read; the others were taken in',
  },
  async run(context) {
    return context.options['dry-run'] ? await runDry(context) : await runUpload(context);
  },
});
