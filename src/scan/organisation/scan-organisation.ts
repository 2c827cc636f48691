import { existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { Persona } from '#findings/severity.ts';
import type { Rule } from '../rule.ts';
import { hashWords, settingsMark } from './content-key.ts';
import { CrossLinks } from './cross-requests.ts';
import { isAsMarked } from './file-marks.ts';
import { findShared, type SharedFindings } from './find-shared.ts';
import { readHeadCommit } from './git-objects.ts';
import { type KeptMarks, MarksLog } from './marks-log.ts';
import type { OrganisationFinding } from './organisation-finding.ts';
import { failedRecord, type OrganisationRecord, type RepositoryEntry } from './record.ts';
import { reportFileOf } from './report-file.ts';
import { StateLog } from './state-log.ts';
import { runPool } from './worker-pool.ts';
import type { WorkerTask } from './worker-protocol.ts';

export interface OrganisationProgress {
  readonly done: number;
  readonly all: number;
  readonly findings: number;
}

export interface OrganisationOptions {
  /** Of the registry: a thread finds them again by their ids. */
  readonly rules: readonly Rule[];
  /** By the platforms' rules of this moment (ms since the epoch). */
  readonly asOfMs: number;
  readonly persona?: Persona | undefined;
  /** Reports and the state of the run go there; without it there is only the summary, and nothing to go on from. */
  readonly outputFolder?: string | undefined;
  readonly formats: readonly string[];
  readonly toolVersion: string;
  /** `PATH`, to find git. */
  readonly searchPath?: string | undefined;
  readonly threads?: number;
  /** Of one repository. */
  readonly timeoutMs?: number;
  /** A file that changed within that time before the run may be changing still, and is read again in the next. */
  readonly settleMs?: number;
  /** What the platform was found to allow. */
  readonly settings?: readonly OrganisationFinding[];
  readonly organisationSecrets?: ReadonlySet<string> | undefined;
  readonly workerUrl?: URL;
  onProgress?(progress: OrganisationProgress): void;
}

export interface OrganisationScan {
  /** In order of their names. */
  readonly records: readonly OrganisationRecord[];
  readonly shared: SharedFindings;
  /** How many were looked at in this run, alone and together with others; the rest was as before. */
  readonly judged: number;
  readonly judgedTogether: number;
}

const TIMEOUT_MS = 120_000;
const GIT_TIMEOUT_MS = 60_000;
/** Each thread has a heap of its own, and all of them share a gigabyte. */
const THREADS_MAX = 8;
const DAY_MS = 86_400_000;
/** Changes when what stands in a record does. */
const STATE_VERSION = '2';
/** Clocks of file systems tick every few ms; some (FAT) every two seconds. */
const SETTLE_MS = 2_000;
/** With fewer repositories, another thread takes longer to load the rules than it helps. */
const NEW_FOR_A_THREAD = 16;

/** Everything beside the repositories that findings follow from. */
function settingsKeyOf({ rules, asOfMs, persona, formats, toolVersion }: OrganisationOptions): string {
  const described = rules.map(({ id, severity, confidence, persona: reader, description }) =>
    [id, severity, confidence, reader, description].join('|'),
  );
  const day = String(Math.floor(asOfMs / DAY_MS));
  return hashWords([STATE_VERSION, toolVersion, day, persona ?? '', formats.join(), ...described]).slice(
    0,
    16,
  );
}

/** Whether both hold the very same marks. */
function isSameIn(marks: ReadonlyMap<string, KeptMarks>, known: ReadonlyMap<string, KeptMarks>): boolean {
  return marks.size === known.size && [...marks].every(([name, each]) => known.get(name) === each);
}

class OrganisationRun {
  readonly #entries: readonly RepositoryEntry[];
  readonly #options: OrganisationOptions;
  readonly #scratch: string;
  readonly #log: StateLog | undefined;
  readonly #known: ReadonlyMap<string, OrganisationRecord>;
  readonly #records = new Map<string, OrganisationRecord>();
  readonly #marksLog: MarksLog | undefined;
  readonly #knownMarks: ReadonlyMap<string, KeptMarks>;
  readonly #marks = new Map<string, KeptMarks>();
  readonly #settingsKey: string;
  #done = 0;
  #all: number;
  #findings = 0;
  #judged = 0;

  constructor(entries: readonly RepositoryEntry[], options: OrganisationOptions, scratch: string) {
    this.#entries = entries;
    this.#options = options;
    this.#scratch = scratch;
    this.#all = entries.length;
    this.#log = options.outputFolder === undefined ? undefined : new StateLog(options.outputFolder);
    this.#known = this.#log?.read() ?? new Map();
    this.#marksLog = options.outputFolder === undefined ? undefined : new MarksLog(options.outputFolder);
    this.#knownMarks = this.#marksLog?.read() ?? new Map();
    this.#settingsKey = settingsKeyOf(options);
  }

  #hasReports({ name }: OrganisationRecord): boolean {
    const { outputFolder, formats } = this.#options;
    return (
      outputFolder === undefined ||
      formats.every((format) => existsSync(reportFileOf(outputFolder, name, format)))
    );
  }

  #keep(record: OrganisationRecord): void {
    this.#records.set(record.name, record);
    this.#log?.add(record);
    this.#judged += 1;
  }

  #report(name: string): void {
    const found = this.#records.get(name)?.bySeverity ?? {};
    this.#findings += Object.values(found).reduce((sum, count) => sum + count, 0);
    this.#done += 1;
    this.#options.onProgress?.({ done: this.#done, all: this.#all, findings: this.#findings });
  }

  /** `newTasks` of them are known to be work before they are asked for. */
  async #work(tasks: Iterable<WorkerTask>, newTasks: number): Promise<void> {
    const {
      threads = availableParallelism(),
      timeoutMs = TIMEOUT_MS,
      workerUrl,
      rules,
      ...rest
    } = this.#options;
    const data = {
      ruleIds: rules.map(({ id }) => id),
      asOfMs: rest.asOfMs,
      persona: rest.persona,
      outputFolder: rest.outputFolder,
      formats: rest.formats,
      toolVersion: rest.toolVersion,
      settingsKey: this.#settingsKey,
      searchPath: rest.searchPath,
      gitTimeoutMs: GIT_TIMEOUT_MS,
      // By the clock of the files, not by that of this program.
      settledBeforeMs: lstatSync(this.#scratch).ctimeMs - (rest.settleMs ?? SETTLE_MS),
    };
    const pool = {
      threads: Math.max(1, Math.min(threads, THREADS_MAX)),
      threadsAtStart: Math.max(1, Math.ceil(newTasks / NEW_FOR_A_THREAD)),
      data,
      scratch: this.#scratch,
      timeoutMs,
      ...(workerUrl === undefined ? {} : { workerUrl }),
    };
    const given = new Map<number, WorkerTask>();
    const handOut = function* (): Generator<WorkerTask> {
      for (const task of tasks) {
        given.set(task.index, task);
        yield task;
      }
    };
    await runPool(handOut(), pool, (outcome) => {
      const task = 'task' in outcome ? outcome.task : given.get(outcome.answer.index);
      if (task === undefined) return;
      given.delete(task.index);
      const { entry } = task;
      if ('died' in outcome) this.#keep(failedRecord(entry, outcome.died));
      else if (outcome.answer.record !== undefined) this.#keep(outcome.answer.record);
      else this.#keepKnown(entry);
      if ('answer' in outcome && outcome.answer.marks !== undefined) {
        this.#marks.set(entry.name, outcome.answer.marks);
      }
      this.#report(entry.name);
    });
  }

  #keepKnown({ name, address }: RepositoryEntry): void {
    const known = this.#known.get(name);
    if (known !== undefined) this.#records.set(name, { ...known, address });
  }

  /** Whether the files need not be opened to see that nothing is new. */
  #isUnchanged(entry: RepositoryEntry, { key, revision }: OrganisationRecord): boolean {
    if (!key.startsWith(settingsMark(entry, this.#settingsKey))) return false;
    const { place } = entry;
    if (place.kind === 'git') return revision !== undefined && readHeadCommit(place.gitFolder) === revision;
    const marks = this.#knownMarks.get(entry.name);
    if (place.kind !== 'work-tree' || marks?.key !== key || !isAsMarked(place.folder, marks)) return false;
    this.#marks.set(entry.name, marks);
    return true;
  }

  /** One after the other, while threads are at work on those before: what is as it was is passed over. */
  *#findTasks(): Generator<WorkerTask> {
    for (const [index, entry] of this.#entries.entries()) {
      const known = this.#known.get(entry.name);
      const reusable = known !== undefined && known.key !== '' && this.#hasReports(known) ? known : undefined;
      if (reusable !== undefined && this.#isUnchanged(entry, reusable)) {
        this.#keepKnown(entry);
        this.#report(entry.name);
      } else yield { index, entry, knownKey: reusable?.key, crossKey: '', neighbours: [] };
    }
  }

  async judgeAlone(): Promise<number> {
    const unknown = this.#entries.filter(({ name }) => !this.#known.has(name));
    await this.#work(this.#findTasks(), unknown.length);
    return this.#judged;
  }

  /** Once all links are known: again, with what it calls and what calls it, where that is news. */
  async judgeTogether(links: CrossLinks): Promise<number> {
    const tasks: WorkerTask[] = [];
    for (const entry of this.#entries) {
      const record = this.#records.get(entry.name);
      if (record === undefined || record.key === '') continue;
      const { key, neighbours } = links.requestFor(entry.name);
      if (key === record.crossKey) continue;
      tasks.push({ index: tasks.length, entry, knownKey: undefined, crossKey: key, neighbours });
    }
    this.#done = 0;
    this.#all = tasks.length;
    this.#findings = 0;
    if (tasks.length > 0) await this.#work(tasks, tasks.length);
    return tasks.length;
  }

  get recordsByName(): ReadonlyMap<string, OrganisationRecord> {
    return this.#records;
  }

  #isAsKnown(records: readonly OrganisationRecord[]): boolean {
    const known = [...this.#known.values()];
    return (
      known.length === records.length &&
      records.every(
        ({ name, address }, index) => known[index]?.name === name && known[index].address === address,
      )
    );
  }

  /** Reports of repositories that are gone would be taken for those of today. */
  finish(): readonly OrganisationRecord[] {
    const { outputFolder, formats } = this.#options;
    const records = this.#entries.flatMap(({ name }) => this.#records.get(name) ?? []);
    if (outputFolder !== undefined) {
      for (const name of this.#known.keys()) {
        if (this.#records.has(name)) continue;
        for (const format of formats) rmSync(reportFileOf(outputFolder, name, format), { force: true });
      }
    }
    if (this.#judged > 0 || !this.#isAsKnown(records)) this.#log?.replace(records);
    if (!isSameIn(this.#marks, this.#knownMarks)) this.#marksLog?.replace(this.#marks);
    return records;
  }
}

/**
 * Judges repositories on all cores, first each one alone and then those that call one another together. What one of
 * them holds, or that it cannot be read, ends in its record.
 */
export async function scanOrganisation(
  entries: readonly RepositoryEntry[],
  options: OrganisationOptions,
): Promise<OrganisationScan> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'vouchgate-organisation-'));
  try {
    const run = new OrganisationRun(entries, options, scratch);
    const judged = await run.judgeAlone();
    const links = new CrossLinks(entries, run.recordsByName);
    const judgedTogether = await run.judgeTogether(links);
    const records = run.finish();
    const shared = findShared(records, links, options.settings, options.organisationSecrets);
    return { records, shared, judged, judgedTogether };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
