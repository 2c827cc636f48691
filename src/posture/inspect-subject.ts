import { hash } from 'node:crypto';
import { BoundedCache } from './bounded-cache.ts';
import { type DefinitionSource, DefinitionSourceError } from './definition-source.ts';
import type { InspectionThreads } from './inspection-threads.ts';
import type { Inspection, InspectionTask, SuppressionMode, TreeName } from './inspection-task.ts';
import type { DefinitionPoint, PipelineSubject } from './pipeline-subject.ts';
import { TreeReader } from './read-tree.ts';

/** Files may name files that name files; nobody goes deeper on purpose. */
const ROUNDS_MAX = 12;
const INSPECTIONS_KEPT_MAX = 200;
const DEFAULT_COMMIT_SECONDS = 30;
const DEFAULT_COMMITS_KEPT_MAX = 5_000;
const DAY_MS = 86_400_000;

export interface SubjectInspectorOptions {
  readonly threads: InspectionThreads;
  readonly suppressions: SuppressionMode;
  /** The policy compares with the default branch. */
  readonly comparesWithDefault: boolean;
  readonly rulesVersion: string;
  /** Of judging alone; reading has that of the signal. */
  readonly inspectionTimeoutMs: number;
}

interface Kept {
  readonly inspection: Inspection;
  readonly commits: readonly (string | undefined)[];
}

/** Reads what a token names and has it judged; the same contents are judged once a day. */
export class SubjectInspector {
  readonly #options: SubjectInspectorOptions;
  readonly #kept = new BoundedCache<Kept>(INSPECTIONS_KEPT_MAX);
  readonly #heads = new BoundedCache<{ commit: string | undefined; readAtMs: number }>(
    DEFAULT_COMMITS_KEPT_MAX,
  );

  constructor(options: SubjectInspectorOptions) {
    this.#options = options;
  }

  /**
   * @throws {DefinitionSourceError} when it cannot be read
   * @throws {InspectionError} when it cannot be judged
   */
  async inspect(
    subject: PipelineSubject,
    source: DefinitionSource,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<Inspection> {
    const { pipeline, callee } = subject;
    const [own, called, main] = await Promise.all([
      readTree(source, pipeline, signal),
      callee === undefined ? undefined : readTree(source, callee, signal),
      this.#readReference(source, subject, nowMs, signal),
    ]);
    const reference = main === 'same' ? own : main;
    return await this.#judge({ pipeline: own, callee: called, reference }, nowMs, signal);
  }

  /** A default branch that is not there, or too large, lets nothing stand, and makes everything new. */
  async #readReference(
    source: DefinitionSource,
    { provider, pipeline }: PipelineSubject,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<TreeReader | 'same' | undefined> {
    const { suppressions, comparesWithDefault } = this.#options;
    if (suppressions !== 'default-branch' && !comparesWithDefault) return undefined;
    try {
      const commit = await this.#defaultCommit(source, provider, pipeline.repository, nowMs, signal);
      if (commit === undefined) return undefined;
      if (commit === pipeline.commit) return 'same';
      return await readTree(source, { ...pipeline, commit }, signal);
    } catch (error) {
      if (!(error instanceof DefinitionSourceError) || isTroubled(error)) throw error;
      return undefined;
    }
  }

  async #defaultCommit(
    source: DefinitionSource,
    provider: string,
    repository: string,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const key = `${provider} ${repository.toLowerCase()}`;
    const known = this.#heads.get(key);
    if (known !== undefined && nowMs - known.readAtMs < DEFAULT_COMMIT_SECONDS * 1_000) return known.commit;
    const commit = await source.defaultCommit(repository, signal);
    this.#heads.set(key, { commit, readAtMs: nowMs });
    return commit;
  }

  async #judge(
    readers: Record<TreeName, TreeReader | undefined> & { pipeline: TreeReader },
    nowMs: number,
    signal: AbortSignal,
  ): Promise<Inspection> {
    const { threads, suppressions, inspectionTimeoutMs } = this.#options;
    const asOfMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const key = this.#keyOf(readers, asOfMs);
      const task: InspectionTask = {
        pipeline: readers.pipeline.tree,
        callee: readers.callee?.tree,
        reference: readers.reference?.tree,
        suppressions,
        asOfMs,
      };
      const known = this.#kept.get(key);
      if (known !== undefined) return relabel(known, task);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(inspectionTimeoutMs)]);
      const outcome = await threads.inspect(task, limit);
      if (outcome.kind === 'absent') throw new DefinitionSourceError('definition_absent', outcome.reason);
      if (outcome.kind === 'inspected') {
        this.#kept.set(key, { inspection: outcome.inspection, commits: commitsOf(task) });
        return outcome.inspection;
      }
      await readers[outcome.tree]?.readWanted(outcome.wanted);
    }
    throw new DefinitionSourceError('definition_too_large', 'its files include one another too deeply');
  }

  #keyOf(readers: Record<TreeName, TreeReader | undefined>, asOfMs: number): string {
    const { rulesVersion, suppressions } = this.#options;
    const digests = [
      readers.pipeline?.digest,
      readers.callee?.digest ?? null,
      readers.reference?.digest ?? null,
    ];
    return hash('sha256', JSON.stringify([...digests, asOfMs, rulesVersion, suppressions]));
  }
}

/** Not the repository is at fault but the way to it: a verdict without its default branch would be wrong, and kept. */
function isTroubled({ code }: DefinitionSourceError): boolean {
  return code === 'definition_source_unavailable' || code === 'definition_source_refused';
}

async function readTree(
  source: DefinitionSource,
  point: DefinitionPoint,
  signal: AbortSignal,
): Promise<TreeReader> {
  const reader = new TreeReader(await source.open(point.repository, point.commit, signal), point);
  await reader.readDefinitions();
  return reader;
}

function commitsOf({ pipeline, callee }: InspectionTask): readonly (string | undefined)[] {
  return [pipeline.commit, callee?.commit];
}

/** The same contents at another commit: what was found is there, too. */
function relabel({ inspection, commits }: Kept, task: InspectionTask): Inspection {
  const now = commitsOf(task);
  if (commits.every((commit, index) => commit === now[index])) return inspection;
  const findings = inspection.findings.map((finding) => ({
    ...finding,
    commit: now[commits.indexOf(finding.commit)] ?? finding.commit,
  }));
  return { ...inspection, findings };
}
