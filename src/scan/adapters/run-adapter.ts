import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { ImportedReport } from '#findings/importer.ts';
import { readReport } from '#findings/read-report.ts';
import { visible } from '#findings/reporters/plain-text.ts';
import type { Adapter, ToolPlan, ToolTarget } from './adapter.ts';
import { findTargetFiles } from './find-target-files.ts';
import { hashRulePack } from './hash-rule-pack.ts';
import { findProgram, runToolProcess, type ToolEnd, type ToolLimits } from './tool-process.ts';

export interface ToolSettings {
  /** What the tool may see of our environment; made by the caller. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: ToolLimits;
  readonly clock: Clock;
}

/** What is recorded of a run, whatever it found. */
export interface ToolRun {
  readonly tool: string;
  readonly title: string;
  /** `unknown` when it does not say. */
  readonly version: string;
  /** Digest of the rules that it was given, where it was given some. */
  readonly rulePack?: string;
  readonly exitCode?: number;
  readonly durationMs: number;
  /** Undefined when it was not run to its end. */
  readonly report?: ImportedReport;
  /** Why there is nothing, or not all of it; for people. */
  readonly problem?: string;
  /** True when it ran, and only a part was not looked at. */
  readonly partial: boolean;
}

const VERSION_MS = 60_000;
const MESSAGE_CHARS = 300;

/** The last lines of what it complained about, without control characters. */
function lastWords(file: string): string {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size === 0 || size > 10_000_000) return '';
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => visible(stripVTControlCharacters(line)).trim())
    .filter((line) => line !== '');
  const text = lines.slice(-2).join(' ');
  return text === '' ? '' : `: ${text.slice(0, MESSAGE_CHARS)}`;
}

function describeEnd(end: ToolEnd, stderrFile: string, limits: ToolLimits): string {
  if (end.kind === 'exited') return `it ended with exit code ${end.code}${lastWords(stderrFile)}`;
  if (end.kind === 'killed') return `it was ended by ${end.signal}`;
  if (end.kind === 'not-started') return `it could not be started: ${end.message}`;
  const said = {
    time: `it took longer than ${limits.timeoutMs / 1_000} s`,
    memory: `it took more than ${limits.memoryBytesMax / 1_000_000} MB of memory`,
    output: `it wrote more than ${limits.outputBytesMax / 1_000_000} MB`,
  };
  return `${said[end.limit]}, so it was stopped`;
}

/** One run of one tool over one folder, in a scratch folder that goes with it. */
class AdapterRun {
  readonly #adapter: Adapter;
  readonly #program: string;
  readonly #target: ToolTarget;
  readonly #settings: ToolSettings;
  #count = 0;

  constructor(adapter: Adapter, program: string, target: ToolTarget, settings: ToolSettings) {
    this.#adapter = adapter;
    this.#program = program;
    this.#target = target;
    this.#settings = settings;
  }

  async #start(args: readonly string[], cwd: string, limits: ToolLimits, watched: readonly string[] = []) {
    this.#count += 1;
    const stdoutFile = path.join(this.#target.scratch, `${this.#count}.out`);
    const stderrFile = path.join(this.#target.scratch, `${this.#count}.err`);
    const { env } = this.#settings;
    const command = { program: this.#program, args, cwd, env, stdoutFile, stderrFile, watched };
    return { end: await runToolProcess(command, limits), stdoutFile, stderrFile };
  }

  /** Asked in the scratch folder: some tools read settings of the folder that they stand in. */
  async version(): Promise<string> {
    const limits = { ...this.#settings.limits, timeoutMs: VERSION_MS };
    const { stdoutFile, stderrFile } = await this.#start(
      this.#adapter.versionArgs,
      this.#target.scratch,
      limits,
    );
    const texts = [stdoutFile, stderrFile].map((file) => readFileSync(file, 'utf8').slice(0, 10_000));
    return /\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?/.exec(texts.join('\n'))?.[0] ?? 'unknown';
  }

  async attempt(plan: ToolPlan, version: string): Promise<ToolRun> {
    const { limits, clock } = this.#settings;
    const { id, title } = this.#adapter;
    const startMs = clock.nowMs();
    const rulePack = hashRulePack(this.#target.root, plan.rulePack ?? []);
    const file = plan.report === 'stdout' ? undefined : plan.report.file;
    const ran = await this.#start(plan.args, this.#target.root, limits, file === undefined ? [] : [file]);
    const head = {
      tool: id,
      title,
      version,
      durationMs: clock.nowMs() - startMs,
      ...(rulePack === undefined ? {} : { rulePack }),
      ...(ran.end.kind === 'exited' ? { exitCode: ran.end.code } : {}),
    };
    const { end } = ran;
    if (end.kind === 'exited' && plan.nothingToDo?.includes(end.code) === true) {
      return { ...head, report: { tool: id, findings: [], warnings: [] }, partial: false };
    }
    if (end.kind !== 'exited' || !plan.completed.includes(end.code)) {
      return { ...head, problem: describeEnd(end, ran.stderrFile, limits), partial: false };
    }
    const read = this.#read(file ?? ran.stdoutFile);
    if ('problem' in read) return { ...head, ...read, partial: false };
    if (plan.without === undefined) return { ...head, ...read, partial: false };
    return { ...head, ...read, problem: `it did not look at ${plan.without}`, partial: true };
  }

  #read(file: string): { report: ImportedReport } | { problem: string } {
    try {
      const bytes = readFileSync(file);
      if (bytes.toString('utf8', 0, 100).trim() === '')
        return { report: { tool: this.#adapter.id, findings: [], warnings: [] } };
      return { report: readReport(path.basename(file), bytes, { as: this.#adapter.importer }).report };
    } catch (error) {
      return { problem: `its report cannot be read: ${messageOf(error)}` };
    }
  }
}

/**
 * Runs a tool over a folder and reads its report. What goes wrong is in the result: a tool that is missing or breaks
 * must not take the rest of the scan along, and must not look like one that found nothing.
 *
 * Tools read their own settings in the folder, as they do when their users start them; some of these settings can
 * name programs. Scan only what may be built here, too.
 */
export async function runAdapter(
  adapter: Adapter,
  root: string,
  argument: string | undefined,
  settings: ToolSettings,
): Promise<ToolRun> {
  const head = { tool: adapter.id, title: adapter.title, version: 'unknown', durationMs: 0, partial: false };
  const program = findProgram(adapter.executable, settings.env['PATH'] ?? '', root);
  if (program === undefined)
    return { ...head, problem: `there is no ${adapter.executable} on the path. ${adapter.installation}` };
  const scratch = mkdtempSync(path.join(tmpdir(), 'vouchgate-tool-'));
  try {
    const findFiles = (matches: (name: string) => boolean) => findTargetFiles(root, matches);
    const target = { root, scratch, argument, findFiles };
    const run = new AdapterRun(adapter, program, target, settings);
    const version = await run.version();
    const plans = adapter.plan(target, version);
    let last: ToolRun = { ...head, version, report: { tool: adapter.id, findings: [], warnings: [] } };
    for (const plan of plans) {
      last = await run.attempt(plan, version);
      if (last.report !== undefined) return last;
    }
    return last;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
