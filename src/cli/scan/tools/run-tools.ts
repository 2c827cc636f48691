import { statSync } from 'node:fs';
import path from 'node:path';
import type { Finding, ScanProblem } from '#findings/finding.ts';
import type { ToolSummary } from '#findings/reporters/reporter.ts';
import type { RuleDescription } from '#findings/rule-description.ts';
import { applyWaivers, ownerOf } from '#findings/scan-configuration.ts';
import { runAdapter, type ToolRun } from '#scan/adapters/run-adapter.ts';
import { defaultToolLimits } from '#scan/adapters/tool-process.ts';
import { findingsOfReport } from '#scan/findings-of-report.ts';
import type { ScannedPaths, ScannedRepository } from '#scan/scan-paths.ts';
import { readScanSettings } from '#scan/scan-settings.ts';
import type { CommandContext } from '../../command.ts';
import type { ChosenTool } from './choose-tools.ts';
import { toolEnvironment } from './tool-environment.ts';

/** Two at once: most of them use one core, and wait for the disk. */
const AT_ONCE = 2;
const WARNINGS_SHOWN = 5;

/** What the chosen tools found under one folder. */
export interface ToolScan {
  readonly repository: ScannedRepository;
  readonly rules: readonly RuleDescription[];
  readonly tools: readonly ToolSummary[];
}

function rootsOf(paths: readonly string[]): readonly string[] {
  const folders = paths.map((each) =>
    statSync(each, { throwIfNoEntry: false })?.isDirectory() === true ? each : path.dirname(each),
  );
  return [...new Set(folders)];
}

function summarise({ tool, version, rulePack, exitCode, durationMs, report, problem }: ToolRun): ToolSummary {
  return {
    name: tool,
    version,
    durationMs,
    completed: report !== undefined,
    findings: report?.findings.length ?? 0,
    ...(rulePack === undefined ? {} : { rulePack }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** A tool that did not look must not look like one that found nothing. */
function problemsOf({ tool, report, problem, partial }: ToolRun): ScanProblem[] {
  const warnings = report?.warnings ?? [];
  const shown = warnings.slice(0, WARNINGS_SHOWN).map(({ at, message }) => `its report, ${at}: ${message}`);
  const more = warnings.length - shown.length;
  const partly = [...shown, ...(more > 0 ? [`its report: ${more} more things were not understood`] : [])];
  const place = { file: tool, line: 1, column: 1 };
  return [
    ...(problem === undefined ? [] : [{ ...place, message: problem, partial }]),
    ...partly.map((message) => ({ ...place, message, partial: true })),
  ];
}

/** The repository's own decisions hold for what other tools find, too. */
function settle(found: readonly Finding[], root: string, nowMs: number) {
  const settings = readScanSettings(root);
  const matches = (glob: string, file: string) => path.matchesGlob(file, glob);
  const excluded = ({ locations: [{ file }] }: Finding) =>
    settings.exclude?.some((glob) => matches(glob, file)) === true;
  const owned = found
    .filter((finding) => !excluded(finding))
    .map((finding): Finding => {
      const severity = settings.rules?.[finding.ruleId]?.severity ?? finding.severity;
      const owner = ownerOf(finding.locations[0].file, settings);
      return { ...finding, severity, ...(owner === undefined ? {} : { owner }) };
    });
  return { settings, ...applyWaivers(owned, settings, nowMs, matches) };
}

function joinRuns(root: string, runs: readonly ToolRun[], nowMs: number): ToolScan {
  const reported = runs.flatMap(({ report }) => report?.findings ?? []);
  const { findings, rules } = findingsOfReport(reported, root);
  const settled = settle(findings, root, nowMs);
  return {
    repository: {
      root,
      findings: settled.findings,
      problems: runs.flatMap(problemsOf),
      filesScanned: 0,
      fileKinds: {},
      settings: settled.settings,
      expiredWaivers: settled.expired,
    },
    rules,
    tools: runs.map(summarise),
  };
}

/** Says on a terminal which tools are at work; they can take minutes. */
class ToolProgress {
  readonly #context: CommandContext;
  readonly #working = new Set<string>();

  constructor(context: CommandContext) {
    this.#context = context;
  }

  start(name: string): void {
    this.#working.add(name);
    this.#draw();
  }

  end(name: string): void {
    this.#working.delete(name);
    this.#draw();
  }

  #draw(): void {
    const { stderr, global } = this.#context;
    if (stderr.isTTY !== true || global.quiet) return;
    const names = [...this.#working].join(', ');
    stderr.write(names === '' ? '\r\u001b[K' : `\r\u001b[Krunning ${names} …`);
  }
}

/** Runs every chosen tool over every folder; each result stands, whatever became of the others. */
export async function runTools(
  chosen: readonly ChosenTool[],
  paths: readonly string[],
  context: CommandContext,
): Promise<readonly ToolScan[]> {
  const { clock, env } = context;
  const settings = { env: toolEnvironment(env), limits: defaultToolLimits, clock };
  const progress = new ToolProgress(context);
  const roots = rootsOf(paths);
  const jobs = roots.flatMap((root) => chosen.map((tool) => ({ root, tool })));
  const runs = new Map<string, ToolRun[]>(roots.map((root) => [root, []]));
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const { adapter, argument } = job.tool;
      progress.start(adapter.id);
      const run = await runAdapter(adapter, job.root, argument, settings);
      progress.end(adapter.id);
      runs.get(job.root)?.push(run);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const order = chosen.map(({ adapter }) => adapter.id);
  return roots.map((root) =>
    joinRuns(
      root,
      (runs.get(root) ?? []).toSorted((left, right) => order.indexOf(left.tool) - order.indexOf(right.tool)),
      clock.nowMs(),
    ),
  );
}

/** What tools found, as part of the repositories that they looked at. */
export function addToolScans(scanned: ScannedPaths, toolScans: readonly ToolScan[]): ScannedPaths {
  const rest = new Map(toolScans.map(({ repository }) => [repository.root, repository]));
  const repositories = scanned.repositories.map((own): ScannedRepository => {
    const other = rest.get(own.root);
    if (other === undefined) return own;
    rest.delete(own.root);
    return {
      ...own,
      findings: [...own.findings, ...other.findings],
      problems: [...own.problems, ...other.problems],
      expiredWaivers: [...new Set([...own.expiredWaivers, ...other.expiredWaivers])],
    };
  });
  const alone = [...rest.values()].filter(({ findings, problems }) => findings.length + problems.length > 0);
  return { ...scanned, repositories: [...repositories, ...alone] };
}

/** One line for people: what ran, and what it came to. What did not run to its end is among the problems. */
export function describeTools(toolScans: readonly ToolScan[]): readonly string[] {
  return toolScans
    .flatMap(({ tools }) => tools)
    .filter(({ completed }) => completed)
    .map(({ name, version, findings, durationMs }) => {
      const counted = `${findings} finding${findings === 1 ? '' : 's'}`;
      const head = version === 'unknown' ? name : `${name} ${version}`;
      return `${head}: ${counted} in ${(durationMs / 1_000).toFixed(1)} s`;
    });
}
