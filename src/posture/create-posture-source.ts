import type { InspectedPosture, PostureInspection, PostureSource } from '#broker/posture-source.ts';
import type { Clock } from '#core/clock.ts';
import { AppError, messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { BoundedCache } from './bounded-cache.ts';
import { decideGate } from './decide-gate.ts';
import { type DefinitionSource, DefinitionSourceError, isPassing } from './definition-source.ts';
import type { LoadedGatePolicy } from './gate-policy.ts';
import { SubjectInspector } from './inspect-subject.ts';
import { InspectionError, type InspectionThreads } from './inspection-threads.ts';
import type { Inspection, SuppressionMode } from './inspection-task.ts';
import { type PipelineSubject, subjectKey, subjectOf } from './pipeline-subject.ts';
import type { ReportedFindings, ReportedSummary } from './reported-findings.ts';
import { ageOf, toPosture } from './to-posture.ts';
import { Turnstile } from './turnstile.ts';

export interface PostureSourceOptions {
  /** By the name of the identity provider. */
  readonly sources: ReadonlyMap<string, DefinitionSource>;
  readonly policy: LoadedGatePolicy;
  readonly suppressions: SuppressionMode;
  /** How long a job waits. What takes longer goes on, and is there for its next attempt. */
  readonly timeoutMs: number;
  /** Not closed with the source: they serve the next one, too. */
  readonly threads: InspectionThreads;
  /** Undefined: nobody keeps reports of other tools. */
  readonly reported: ReportedFindings | undefined;
  readonly version: string;
  readonly rulesVersion: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

const POSTURES_KEPT_MAX = 2_000;
/** The default branch moves, and with it what it accepts. */
const KEPT_SECONDS = 300;
/** Waiting ones included. */
const UNDER_WAY_MAX = 64;
/** Each reads with a few processes. */
const AT_ONCE_MAX = 8;
const WORK_MS_MAX = 60_000;
const DAY_MS = 86_400_000;

interface Inspected {
  readonly inspection: Inspection;
  readonly inspectedAtMs: number;
  /** What was decided with the reports of a moment: the same ones give the same again. */
  decided?: { readonly reported: ReportedSummary | undefined; readonly posture: InspectedPosture };
}

/** Where reports are kept, the inspection: they change from hour to hour, so it is decided anew. */
type Found = Inspected | { readonly posture: InspectedPosture; readonly inspectedAtMs: number };

/** Says how pipelines are, from their definitions as the sources have them. */
export function createPostureSource(options: PostureSourceOptions): PostureSource {
  return new DefinitionPostures(options);
}

class DefinitionPostures implements PostureSource {
  readonly #options: PostureSourceOptions;
  readonly #inspector: SubjectInspector;
  readonly #found = new BoundedCache<Found>(POSTURES_KEPT_MAX);
  readonly #underWay = new Map<string, Promise<PostureInspection>>();
  readonly #turnstile = new Turnstile(AT_ONCE_MAX);
  readonly #ending = new AbortController();

  constructor(options: PostureSourceOptions) {
    this.#options = options;
    this.#inspector = new SubjectInspector({
      threads: options.threads,
      suppressions: options.suppressions,
      comparesWithDefault: options.policy.rules.some(({ when }) => when?.newOnly === true),
      rulesVersion: options.rulesVersion,
      inspectionTimeoutMs: options.timeoutMs,
    });
  }

  postureOf(identity: WorkloadIdentity): PostureInspection | Promise<PostureInspection> {
    const reading = subjectOf(identity);
    if (!reading.ok) return unknown(reading.reason, false);
    const { subject } = reading;
    const source = this.#options.sources.get(subject.provider);
    if (source === undefined) {
      return unknown(`posture in vouchgate.yaml has no source for ${subject.provider}`, false);
    }
    const nowMs = this.#options.clock.nowMs();
    const key = `${Math.floor(nowMs / DAY_MS)} ${subjectKey(subject)}`;
    const found = this.#found.get(key);
    if (found === undefined || nowMs - found.inspectedAtMs >= KEPT_SECONDS * 1_000) {
      return this.#inspectInTime(subject, source, key);
    }
    return 'posture' in found ? agedTo(nowMs, found.posture) : this.#decideWithReports(subject, found);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#underWay.values());
  }

  /** Jobs of one run ask for the same at the same time: they wait for one inspection. */
  #inspectInTime(
    subject: PipelineSubject,
    source: DefinitionSource,
    key: string,
  ): Promise<PostureInspection> {
    const { timeoutMs } = this.#options;
    const running = this.#underWay.get(key);
    if (running === undefined && this.#underWay.size >= UNDER_WAY_MAX) {
      return Promise.resolve(unknown('too many pipelines are being inspected', true));
    }
    const late = unknown(`the inspection takes longer than ${timeoutMs} ms, and goes on`, true);
    return firstOf(running ?? this.#start(subject, source, key), timeoutMs, late);
  }

  #start(subject: PipelineSubject, source: DefinitionSource, key: string): Promise<PostureInspection> {
    const running = this.#turnstile
      .run(() => this.#inspect(subject, source, key))
      .catch((error: unknown) => this.#explain(error, subject))
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, running);
    return running;
  }

  async #inspect(
    subject: PipelineSubject,
    source: DefinitionSource,
    key: string,
  ): Promise<PostureInspection> {
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(WORK_MS_MAX)]);
    const inspectedAtMs = this.#options.clock.nowMs();
    const inspecting = this.#inspector.inspect(subject, source, inspectedAtMs, signal);
    const inspection = await orAborted(inspecting, signal);
    const found = { inspection, inspectedAtMs };
    if (this.#options.reported !== undefined) {
      this.#found.set(key, found);
      return await this.#decideWithReports(subject, found);
    }
    const posture = this.#decide(subject, found, undefined);
    this.#found.set(key, { posture, inspectedAtMs });
    return { known: true, posture };
  }

  async #decideWithReports(subject: PipelineSubject, found: Inspected): Promise<PostureInspection> {
    const { repository, commit } = subject.pipeline;
    const reported = await this.#options.reported?.openFor(repository, commit);
    if (found.decided === undefined || found.decided.reported !== reported) {
      found.decided = { reported, posture: this.#decide(subject, found, reported) };
    }
    return agedTo(this.#options.clock.nowMs(), found.decided.posture);
  }

  #decide(
    { pipeline, ref, environment }: PipelineSubject,
    { inspection, inspectedAtMs }: Inspected,
    reported: ReportedSummary | undefined,
  ): InspectedPosture {
    const { policy, clock, version, rulesVersion } = this.#options;
    const { repository, commit, file: workflow } = pipeline;
    const { workflowDigest, suppressedCount, tests: pipelineTests, unread, findingsLeftOut } = inspection;
    const subject = { repository, commit, ref, environment: environment ?? null, workflow, workflowDigest };
    const findings = [...inspection.findings, ...(reported?.findings ?? [])];
    const inputs = reported?.inputs ?? [];
    const evidence = { subject, findings, findingsLeftOut, suppressedCount, pipelineTests, unread, inputs };
    const decision = decideGate({ ...evidence, inspectedAtMs, version, rulesVersion }, policy, clock.nowMs());
    return toPosture(decision, inspection, reported);
  }

  /** The job hears what it can do about it; the log also has what is nobody else's business. */
  #explain(error: unknown, { pipeline: { repository, commit } }: PipelineSubject): PostureInspection {
    const code = error instanceof AppError ? error.code : undefined;
    const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : undefined;
    this.#options.log.warn('posture.unknown', { repository, commit, code, error: messageOf(error), cause });
    if (error instanceof DefinitionSourceError) return unknown(error.message, isPassing(error));
    if (error instanceof InspectionError) return unknown(error.message, true);
    return unknown('the inspection failed; the log of the server says why', true);
  }
}

function unknown(reason: string, retryable: boolean): PostureInspection {
  return { known: false, reason, retryable };
}

function agedTo(nowMs: number, posture: InspectedPosture): PostureInspection {
  const ageSeconds = ageOf(posture.inspectedAtMs, nowMs);
  return { known: true, posture: { ...posture, facts: { ...posture.facts, ageSeconds } } };
}

/** A source that ignores its signal must not keep its place for ever. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => {
      const message = 'the inspection did not come to an end';
      reject(new DefinitionSourceError('definition_source_unavailable', message));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function firstOf<T>(work: Promise<T>, timeoutMs: number, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
