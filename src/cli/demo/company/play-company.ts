import { randomBytes } from 'node:crypto';
import { Secret } from '#core/secret.ts';
import { DATABASE_RESOURCE } from './company-repositories.ts';
import type { CompanyPeople } from './company-people.ts';
import { MINUTE_MS, type PlannedCommit, type PlannedStep } from './plan.ts';
import type { CompanyJobs } from './play-jobs.ts';
import { writeReport } from './reports/write-report.ts';
import type { CommitHashes } from './write-history.ts';
import type { PlayedClock } from './played-clock.ts';
import type { PlayedTimers } from './played-timers.ts';

/** What happens within this time happens at once: less than a token lives. */
const SLOT_MS = 4 * MINUTE_MS;
const AT_ONCE_MAX = 24;
/** When nobody has asked for that long, leases have ended and the server has looked after them. */
const QUIET_MS = 20 * MINUTE_MS;

export interface CompanyStage {
  readonly jobs: CompanyJobs;
  readonly people: CompanyPeople;
  readonly hashes: CommitHashes;
  readonly clock: PlayedClock;
  readonly timers: PlayedTimers;
  /** Writes that version of the configuration and has the server read it. */
  configure(version: number): Promise<void>;
}

function perform(stage: CompanyStage, step: PlannedStep): Promise<unknown> {
  const { jobs, people } = stage;
  switch (step.kind) {
    case 'ask':
      return jobs.ask(step.job);
    case 'end':
      return jobs.end(step.job);
    case 'renew':
      return jobs.renew(step.job);
    case 'replay':
      return jobs.replay(step.job);
    case 'configure':
      return stage.configure(step.version);
    case 'inspect':
      return inspect(stage, step.commit);
    case 'report':
      return sendReport(stage, step);
    case 'seal':
      return people.seal(step.name, new Secret(randomBytes(18).toString('base64url')), step.rotateBy);
    case 'propose':
      return people.propose(step.change);
    case 'triage':
      return people.triage(step.rule, step.decision);
    case 'revoke-all':
    default:
      return people.revokeAll(step.resource);
  }
}

/** As a job of the repository does after a push. */
function inspect({ people, hashes }: CompanyStage, commit: PlannedCommit): Promise<unknown> {
  const files = commit.files
    .filter(({ path }) => path.endsWith('.yml'))
    .map(({ path, text }) => ({ file: path, text }));
  return people.inspect({ repository: commit.repository.name, commit: hashes.get(commit) ?? '' }, files);
}

function sendReport(
  { people, hashes }: CompanyStage,
  { commit, tool, flaws, atMs }: Extract<PlannedStep, { kind: 'report' }>,
): Promise<unknown> {
  const repository = commit.repository.name;
  const hash = hashes.get(commit) ?? '';
  const image = tool === 'trivy' ? { image: repository } : {};
  const query = { repository, branch: commit.branch, commit: hash, name: `${tool}.json`, ...image };
  return people.report(query, writeReport(tool, flaws, { repository, commit: hash, atMs }));
}

/** Those that jobs do at the same time; everything else is done one after the other, people first. */
async function playSlot(stage: CompanyStage, slot: readonly PlannedStep[]): Promise<void> {
  const asking = slot.filter(({ kind }) => kind === 'ask');
  const isAfterwards = ({ kind }: PlannedStep): boolean =>
    kind === 'renew' || kind === 'end' || kind === 'replay';
  for (const step of slot) if (step.kind !== 'ask' && !isAfterwards(step)) await perform(stage, step);
  for (let first = 0; first < asking.length; first += AT_ONCE_MAX)
    await Promise.all(asking.slice(first, first + AT_ONCE_MAX).map((step) => perform(stage, step)));
  for (const step of slot) if (isAfterwards(step)) await perform(stage, step);
}

/** What the database gives lives for minutes: what is done with it is done on time. */
function isTimed(step: PlannedStep): boolean {
  return 'job' in step && step.job.resource === DATABASE_RESOURCE;
}

/** Steps that begin within the same few minutes. */
function* slotsOf(steps: readonly PlannedStep[]): Generator<readonly [PlannedStep, ...PlannedStep[]]> {
  let slot: [PlannedStep, ...PlannedStep[]] | undefined;
  for (const step of steps) {
    const isTogether = slot !== undefined && !isTimed(slot[0]) && !isTimed(step);
    if (slot !== undefined && isTogether && step.atMs < slot[0].atMs + SLOT_MS) {
      slot.push(step);
      continue;
    }
    if (slot !== undefined) yield slot;
    slot = [step];
  }
  if (slot !== undefined) yield slot;
}

/**
 * Plays all steps in the order of time; `onProgress` is told the moment that is being played. While the server is asked
 * the clock goes as time goes, so that nothing it knows grows old between question and answer.
 */
export async function playCompany(
  stage: CompanyStage,
  steps: readonly PlannedStep[],
  endMs: number,
  onProgress: (timeMs: number) => void,
): Promise<void> {
  const { clock, timers } = stage;
  const moveTo = async (timeMs: number): Promise<void> => {
    clock.moveTo(timeMs);
    await timers.runDue();
  };
  for (const slot of slotsOf(steps)) {
    const [{ atMs }] = slot;
    if (atMs > clock.nowMs() + 2 * QUIET_MS) await moveTo(clock.nowMs() + QUIET_MS);
    await moveTo(atMs);
    onProgress(atMs);
    await playSlot(stage, slot);
  }
  await moveTo(endMs);
}
