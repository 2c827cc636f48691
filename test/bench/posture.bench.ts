import { performance } from 'node:perf_hooks';
import type { PostureInspection, PostureSource } from '#broker/posture-source.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { PolicyResource } from '#policy/access-request.ts';
import { compilePolicies } from '#policy/compile-policies.ts';
import { createPostureSource } from '#posture/create-posture-source.ts';
import type { DefinitionSource } from '#posture/definition-source.ts';
import { defaultGatePolicy } from '#posture/gate-policy.ts';
import { createInspectionThreads, type InspectionThreads } from '#posture/inspection-threads.ts';
import { createMirrorSource } from '#posture/sources/mirror-source.ts';
import { createRemoteSource } from '#posture/sources/remote-source.ts';
import { createGitFolder, type GitFolder } from '#posture/testing/git-folder.ts';
import { cleanWorkflow, DEPLOY, poisonedWorkflow } from '#posture/testing/workflows.ts';
import type { BenchReport } from './report.ts';

/** A repository as many are: some workflows, actions of its own, and much that is none of either. */
const WORKFLOWS = 12;
const OTHER_FILES = 1_500;
const SHOP: PolicyResource = { name: 'shop-db', privileged: true, tags: {} };
const PERMIT = `@id("p") permit (principal in Project::"github/1", action == Action::"issue", resource == Resource::"shop-db")
when { principal has ref.full && principal.ref.full == "refs/heads/main"`;

/** What an inspection costs a job the first time, the second time, and whoever does not ask for it. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const repository = createGitFolder();
  const threads = createInspectionThreads({ threads: 2, waitingMax: 64, log: silentLogger });
  try {
    const readyMs = await timeMs(() => threads.ready());
    const rounds = quick ? 5 : 30;
    const git = { searchPath: process.env['PATH'], timeoutMs: 30_000 };
    const mirror = () => createMirrorSource({ folder: repository.mirror, git });
    const cold = await measureCold(repository, threads, mirror, rounds);
    repository.git(repository.bare, 'config', 'uploadpack.allowFilter', 'true');
    const fetched = await measureCold(
      repository,
      threads,
      (round) => remote(repository, git, round),
      Math.min(rounds, 10),
    );
    const cached = await measureCached(repository, threads, mirror(), quick ? 20_000 : 200_000);
    return {
      name: 'posture',
      rows: [
        {
          label: `cold, local mirror, ${WORKFLOWS} workflows of ${OTHER_FILES + WORKFLOWS} files`,
          value: show(cold),
        },
        { label: 'cold, fetched by git from a server on this machine', value: show(fetched) },
        { label: 'from cache: posture alone', value: `${cached.lookupMicros.toFixed(2)} µs` },
        { label: 'from cache: what it adds to a decision', value: `${cached.addedMicros.toFixed(2)} µs` },
        { label: 'asked by no policy: adds', value: `${cached.unaskedMicros.toFixed(2)} µs` },
        { label: 'threads ready after', value: `${readyMs.toFixed(0)} ms` },
      ],
      notes: [
        'Cold: a commit never seen, with definitions never seen, and the default branch read and judged beside it; the threads have their rules.',
        'The aims: under 500 ms cold from a local mirror, under 1 ms added from cache.',
      ],
    };
  } finally {
    await threads.close();
    repository.close();
  }
}

function remote(
  repository: GitFolder,
  git: { searchPath: string | undefined; timeoutMs: number },
  round: number,
): DefinitionSource {
  return createRemoteSource({
    url: `file://${repository.mirror}/{repository}.git`,
    username: 'x',
    token: undefined,
    sshKeyFile: undefined,
    knownHostsFile: undefined,
    cacheFolder: `${repository.mirror}/../cache-${round}`,
    allowPrivateHosts: [],
    resolve: async () => [],
    git,
    clock: systemClock,
  });
}

function job(commit: string): WorkloadIdentity {
  return {
    provider: 'github',
    platform: 'github-actions',
    issuer: 'https://issuer.example',
    subject: 'repo:acme/shop',
    project: { id: '1', path: 'acme/shop' },
    ref: { full: 'refs/heads/main' },
    commit,
    config: { uri: `acme/shop/${DEPLOY}@refs/heads/main`, sha: commit },
    claims: {},
  };
}

function filesOf(round: number): Record<string, string> {
  const files: Record<string, string> = { [DEPLOY]: `${cleanWorkflow}# ${round}\n` };
  for (let index = 1; index < WORKFLOWS; index += 1) {
    const text = index % 4 === 0 ? poisonedWorkflow : cleanWorkflow;
    files[`.github/workflows/w${index}.yml`] = `${text}# ${round}\n`;
  }
  return files;
}

function openPostures(source: DefinitionSource, threads: InspectionThreads): PostureSource {
  return createPostureSource({
    sources: new Map([['github', source]]),
    policy: defaultGatePolicy(),
    suppressions: 'default-branch',
    timeoutMs: 20_000,
    threads,
    reported: undefined,
    version: '0',
    rulesVersion: '0',
    clock: systemClock,
    log: silentLogger,
  });
}

async function timeMs(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function assertKnown(inspection: PostureInspection): void {
  if (!inspection.known) throw new Error(inspection.reason);
}

async function measureCold(
  repository: GitFolder,
  threads: InspectionThreads,
  open: (round: number) => DefinitionSource,
  rounds: number,
): Promise<number[]> {
  const others = Object.fromEntries(
    Array.from({ length: OTHER_FILES }, (_, index) => [`src/f${index}.ts`, `${index}`]),
  );
  repository.commit({ ...others, ...filesOf(0) });
  const durations: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const commit = repository.commit({ ...others, ...filesOf(round + 1) }, 'topic');
    const postures = openPostures(open(round), threads);
    durations.push(await timeMs(async () => assertKnown(await postures.postureOf(job(commit)))));
    await postures.close();
  }
  return durations.sort((left, right) => left - right);
}

function show(durations: readonly number[]): string {
  const at = (share: number) => durations[Math.floor((durations.length - 1) * share)] ?? Number.NaN;
  return `p50 ${at(0.5).toFixed(0)} ms, max ${at(1).toFixed(0)} ms (${durations.length} rounds)`;
}

async function measureCached(
  repository: GitFolder,
  threads: InspectionThreads,
  source: DefinitionSource,
  rounds: number,
): Promise<{ lookupMicros: number; addedMicros: number; unaskedMicros: number }> {
  const commit = repository.commit(filesOf(-1));
  const postures = openPostures(source, threads);
  const identity = job(commit);
  assertKnown(await postures.postureOf(identity));
  const lookupMicros = await timeEach(rounds, async () => void (await postures.postureOf(identity)));
  const plain = await decisionMicros(`${PERMIT} };`, identity, postures, rounds);
  const asked = await decisionMicros(
    `${PERMIT} && context has posture && context.posture.grade == "pass" };`,
    identity,
    postures,
    rounds,
  );
  const before = await decisionMicros(`${PERMIT} };`, identity, undefined, rounds);
  await postures.close();
  return { lookupMicros, addedMicros: asked - before, unaskedMicros: Math.max(0, plain - before) };
}

/** As the broker decides: asks the engine whether it needs a posture, gets it, decides. */
async function decisionMicros(
  text: string,
  identity: WorkloadIdentity,
  postures: PostureSource | undefined,
  rounds: number,
): Promise<number> {
  const compiled = await compilePolicies([{ path: 'a.cedar', text }], [SHOP]);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { engine } = compiled;
  const context = { nowMs: systemClock.nowMs(), sourceIp: '192.0.2.1', keyBound: false };
  const request = { identity, action: 'issue' as const, resource: SHOP, context };
  return timeEach(rounds, async () => {
    const needed = postures !== undefined && engine.needsPosture(request);
    const inspection = needed ? await postures.postureOf(identity) : undefined;
    const posture =
      inspection?.known === true ? { known: true as const, posture: inspection.posture.facts } : undefined;
    const { outcome } = engine.decide({ ...request, context: { ...context, posture } });
    if (outcome !== 'allow') throw new Error('wrong decision');
  });
}

async function timeEach(rounds: number, work: () => Promise<void>): Promise<number> {
  for (let round = 0; round < rounds / 10; round += 1) await work();
  const startedMs = performance.now();
  for (let round = 0; round < rounds; round += 1) await work();
  return ((performance.now() - startedMs) * 1_000) / rounds;
}
