import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { applyBaseline, type Baseline, createBaseline } from '#findings/baseline.ts';
import type { Finding } from '#findings/finding.ts';
import { reporters } from '#findings/reporters.generated.ts';
import type { Reporter, ScanReport } from '#findings/reporters/reporter.ts';
import { isAtLeast, personas, severities, type Severity } from '#findings/severity.ts';
import type { Rule } from '#scan/rule.ts';
import { rules } from '#scan/rules.generated.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import { CommandError } from '../command-error.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAll } from '../output.ts';
import { readBaseline } from '../scan/baseline-file.ts';
import { drawGraph, GraphCollector, type Judge } from '../scan/draw-graph.ts';
import { FixSession } from '../scan/fix-session.ts';
import { mergeRepositories, type MergedScan } from '../scan/merge-repositories.ts';
import { openMirrorPins } from '../scan/mirror-pins.ts';
import { asksForOrganisation } from '../scan/organisation/organisation-options.ts';
import { createProgress } from '../scan/progress.ts';
import { readReportFiles, writeReportFiles } from '../scan/report-files.ts';
import { scanOptions } from '../scan/scan-options.ts';
import { readDay } from '../scan/read-day.ts';
import { joinSearch, searchSecrets } from '../scan/secrets/search-secrets.ts';
import { chooseSubjects } from '../scan/secrets/secrets-options.ts';
import { ScanCommandError } from '../scan/scan-command-error.ts';
import { readToolVersion } from '../tool-version.ts';
import { chooseTools } from '../scan/tools/choose-tools.ts';
import { addToolScans, describeTools, runTools } from '../scan/tools/run-tools.ts';

const COLUMNS = 80;

type ScanContext = CommandContext<typeof scanOptions>;

function isOneOf<const Word extends string>(words: readonly Word[], text: string | undefined): text is Word {
  return words.some((word) => word === text);
}

function pickReporter({ options: given, global }: ScanContext): Reporter | undefined {
  const format = given.format ?? (global.format === 'json' ? 'json' : 'terminal');
  return Object.hasOwn(reporters, format) ? reporters[format] : undefined;
}

function describeHidden(hidden: readonly Finding[]): string[] {
  const counts = Map.groupBy(hidden, ({ persona }) => persona);
  return personas.flatMap((persona) => {
    const count = counts.get(persona)?.length ?? 0;
    return count === 0 ? [] : [`${count} more with --persona ${persona}`];
  });
}

function toReport(merged: MergedScan, ran: ScanReport['rules'], notes: readonly string[]): ScanReport {
  const hidden = merged.hidden.filter((finding) => finding.suppression === undefined);
  const { findings, problems, filesScanned, fileKinds, expiredWaivers } = merged;
  const all = [...expiredWaivers, ...notes, ...describeHidden(hidden)];
  return { findings, problems, rules: ran, filesScanned, fileKinds, notes: all };
}

/** What was not read counts as a finding: a gate that stays open for a broken file is none. */
function exitCodeFor(report: ScanReport, failOn: Severity | 'never'): number {
  if (failOn === 'never') return exitCodes.ok;
  const failing = report.findings.some(
    ({ suppression, severity }) => suppression === undefined && isAtLeast(severity, failOn),
  );
  return failing || report.problems.some(({ partial }) => !partial) ? exitCodes.negative : exitCodes.ok;
}

function requireFiles(merged: MergedScan, paths: readonly string[]): void {
  if (merged.filesScanned > 0) return;
  const [problem] = merged.problems;
  const reason = problem === undefined ? '' : ` (${problem.file}: ${problem.message})`;
  throw new ScanCommandError('nothing_to_scan', `no pipeline definition under ${paths.join(', ')}${reason}`, {
    remedy:
      'Name the root of a repository, or files. Looked for .github/workflows/*.yml, action.yml and .github/dependabot.yml.',
  });
}

/** What could not be read is not in the graph: that is said beside it, and fails. */
async function runGraph(context: ScanContext, paths: readonly string[], format: string): Promise<number> {
  const { options: given, stdout, stderr, cwd, clock } = context;
  const absolute = paths.map((each) => path.resolve(cwd, each));
  const drawn = drawGraph(absolute, format, cwd, readDay(given['as-of']) ?? clock.nowMs(), rules);
  requireFiles(drawn.scan, paths);
  stderr.write(drawn.gaps);
  await writeAll(stdout, drawn.text);
  return drawn.scan.problems.some(({ partial }) => !partial) ? exitCodes.negative : exitCodes.ok;
}

function subtract(found: MergedScan, baseline: Baseline | undefined): MergedScan {
  if (baseline === undefined) return found;
  const { findings, hidden } = found;
  return { ...found, findings: applyBaseline(findings, baseline), hidden: applyBaseline(hidden, baseline) };
}

/** Many repositories: each has a report of its own, so what changes or compares one report has no meaning there. */
async function runOrganisation(context: ScanContext, chosen: readonly Rule[]): Promise<number> {
  const { options: given, global, clock } = context;
  const alone = [
    'baseline',
    'write-baseline',
    'fix',
    'diff',
    'graph',
    'pins',
    'output',
    'with',
    'upload',
  ] as const;
  const clash = alone.find((name) =>
    [given[name]].flat().some((value) => value !== undefined && value !== false),
  );
  if (clash !== undefined || context.args.length > 0) {
    const what = clash === undefined ? 'a path' : `--${clash}`;
    throw new CommandError('usage_invalid', `${what} is for one repository, not for an organisation`, {
      remedy: 'Leave it away, or scan that repository alone.',
    });
  }
  // Loaded only here: threads, platforms and their client are of no use to the scan of one repository.
  const { scanByOrganisation } = await import('../scan/organisation/scan-by-organisation.ts');
  return await scanByOrganisation(given, context, {
    format: given.format ?? (global.format === 'json' ? 'json' : 'terminal'),
    rules: chosen,
    persona: isOneOf(personas, given.persona) ? given.persona : undefined,
    failOn: isOneOf([...severities, 'never'] as const, given['fail-on']) ? given['fail-on'] : 'high',
    asOfMs: readDay(given['as-of']) ?? clock.nowMs(),
    toolVersion: readToolVersion(),
    quiet: global.quiet,
  });
}

async function run(context: ScanContext): Promise<number> {
  const { options: given, global, stdout, stderr, cwd, clock } = context;
  const { rules: chosen, secrets } = await chooseSubjects(rules, given);
  const paths = context.args.length === 0 ? ['.'] : context.args;
  if (asksForOrganisation(given)) return await runOrganisation(context, chosen);
  if (given.graph !== undefined) return await runGraph(context, paths, given.graph);
  const persona = isOneOf(personas, given.persona) ? given.persona : undefined;
  const failOn = isOneOf([...severities, 'never'] as const, given['fail-on']) ? given['fail-on'] : 'high';
  const reporter = pickReporter(context);
  const files = readReportFiles(given.output, cwd);
  const tools = chooseTools(given.with);
  const fixes = given.fix !== undefined || given.diff;
  const session = fixes
    ? new FixSession(given.fix === 'unsafe' ? 'unsafe' : 'safe', !given.diff, cwd)
    : undefined;
  const mend: Judge | undefined =
    session === undefined ? undefined : (input, scanOptions) => session.judge(input, scanOptions);
  // Only a page draws the graph; for the others nothing of a repository is kept once it is judged.
  const drawn = [reporter, ...files.map((each) => each.reporter)].some((each) => each?.format === 'html');
  const graphs = drawn ? new GraphCollector(cwd, mend) : undefined;
  const drawing: Judge | undefined =
    graphs === undefined ? mend : (input, scanOptions) => graphs.judge(input, scanOptions);
  const absolute = paths.map((each) => path.resolve(cwd, each));
  const upload = given.upload
    ? (await import('../scan/upload/open-upload.ts')).openUpload(given, absolute, context, drawing)
    : undefined;
  const judge = upload?.judge ?? drawing;
  const progress = createProgress(context, global.quiet);
  const baseline = given.baseline === undefined ? undefined : readBaseline(path.resolve(cwd, given.baseline));
  const toolScans = tools.length === 0 ? [] : await runTools(tools, absolute, context);
  const asOfMs = readDay(given['as-of']) ?? clock.nowMs();
  const search =
    secrets === undefined || fixes
      ? undefined
      : await searchSecrets(secrets, absolute, context, {
          persona,
          everything: given['write-baseline'] !== undefined,
        });
  // Who asks for secrets alone does not wait for pipelines to be read.
  const own = scanPaths(chosen.length === 0 && secrets !== undefined ? [] : absolute, {
    rules: chosen,
    asOfMs,
    ...(persona === undefined ? {} : { persona }),
    onProgress: (done, all) => progress.update(done, all),
    pins: given.pins === undefined ? undefined : openMirrorPins(path.resolve(cwd, given.pins), context.env),
    ...(judge === undefined ? {} : { judge }),
  });
  const {
    scanned,
    rules: secretRules,
    filesScanned,
    notes: moreNotes,
  } = await joinSearch(addToolScans(own, toolScans), search, asOfMs, chosen.length > 0);
  const ran = [...chosen, ...secretRules, ...toolScans.flatMap((each) => each.rules)];
  progress.clear();
  const merge = (forPeople: boolean) =>
    subtract(mergeRepositories(scanned, cwd, forPeople, persona), baseline);
  const merged = merge(reporter?.format === 'terminal');
  if (tools.length === 0 && filesScanned === 0) requireFiles(merged, paths);
  if (given['write-baseline'] !== undefined) {
    const text = `${JSON.stringify(createBaseline([...merged.findings, ...merged.hidden]), undefined, 2)}\n`;
    writeFileSync(path.resolve(cwd, given['write-baseline']), text);
  }
  if (session !== undefined && given.diff) {
    await writeAll(stdout, session.diff);
    return exitCodes.ok;
  }
  if (session !== undefined && !global.quiet) stderr.write(session.summary());
  const extra = {
    ...(graphs === undefined ? {} : { graph: graphs.draw() }),
    ...(tools.length === 0 ? {} : { tools: toolScans.flatMap((each) => each.tools) }),
  };
  const notes = [...moreNotes, ...describeTools(toolScans)];
  const report = { ...toReport(merged, ran, notes), ...extra };
  const style = {
    color: global.color,
    columns: stdout.columns ?? COLUMNS,
    toolVersion: readToolVersion(),
    timeMs: clock.nowMs(),
    all: given.all,
  };
  if (files.length > 0) writeReportFiles(files, { ...toReport(merge(false), ran, notes), ...extra }, style);
  await writeAll(stdout, reporter?.render(report, style) ?? '');
  await upload?.send(toolScans);
  return exitCodeFor(report, failOn);
}

export const command = defineCommand({
  name: 'scan',
  summary: 'find out what an attacker could do with your pipelines',
  description:
    'Reads every pipeline definition under the given files and folders, says what an attacker could do and how to ' +
    'mend it, and mends what can be mended. Needs no server and no network.',
  args: [{ name: '[path...]', description: 'files and folders (default: the current folder)' }],
  options: scanOptions,
  examples: [
    { explanation: 'look at the repository in this folder', command: 'vouchgate scan' },
    { explanation: 'see what would be mended', command: 'vouchgate scan --diff' },
    {
      explanation: 'every repository below a folder of clones, again only what changed since the last time',
      command: 'vouchgate scan --org clones --output-folder reports',
    },
    {
      explanation: 'hand the findings to code scanning, and leave the verdict to it',
      command: 'vouchgate scan --format sarif --fail-on never > scan.sarif',
    },
    {
      explanation: 'what other tools find here, in the same report',
      command: 'vouchgate scan --with checkov,gitleaks',
    },
    {
      explanation: 'show it in the console of the server, from a CI job on the default branch',
      command: 'vouchgate scan --upload --fail-on never',
    },
    {
      explanation: 'one scan, several reports: the log for people, a page for those who look closer',
      command: 'vouchgate scan --output sarif=scan.sarif --output html=scan.html',
    },
  ],
  exitCodes: {
    '0': 'nothing at or above --fail-on',
    '1': 'something at or above --fail-on, or a file that could not be read',
  },
  run,
});
