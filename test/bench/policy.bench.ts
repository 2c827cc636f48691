import { performance } from 'node:perf_hooks';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { AccessRequest, PolicyEngine, PolicyResource } from '#policy/access-request.ts';
import { compilePolicies } from '#policy/compile-policies.ts';
import { compareWithCedar } from '#policy/oracle/compare-with-cedar.ts';
import type { BenchReport } from './report.ts';

const SIZES = [10, 100, 1_000, 10_000];
const RESOURCES = 20;
const BATCH_DECISIONS = 500;

interface Measured {
  policies: number;
  compileMs: number;
  allow: Percentiles;
  deny: Percentiles;
}

/** Microseconds for one decision: the mean of a batch, over many batches. */
interface Percentiles {
  p50: number;
  p99: number;
}

/** What a decision costs from 10 to 10,000 policies, and whether it is the one that cedar-wasm would make. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const measured: Measured[] = [];
  for (const policies of quick ? SIZES.slice(0, 3) : SIZES)
    measured.push(await measure(policies, quick ? 60 : 400));
  const requests = quick ? 20_000 : 1_000_000;
  const startedMs = performance.now();
  const comparison = await compareWithCedar({
    seed: 2_026,
    requests,
    policiesPerSet: 5,
    requestsPerSet: 100,
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const first = measured[0];
  return {
    name: 'policy decisions',
    rows: [
      ...measured.flatMap(({ policies, compileMs, allow, deny }) => [
        { label: `allow, ${policies} policies`, value: show(allow, first?.allow) },
        { label: `deny with facts, ${policies} policies`, value: show(deny, first?.deny) },
        { label: `load, ${policies} policies`, value: `${compileMs.toFixed(0)} ms` },
      ]),
      { label: 'requests compared with cedar-wasm', value: String(comparison.requests) },
      { label: 'differences', value: String(comparison.differences.length) },
      { label: 'policies compared', value: String(comparison.policies) },
      { label: 'left to cedar-wasm', value: String(comparison.fallbackPolicies) },
      { label: 'matches, evaluation errors', value: `${comparison.matches}, ${comparison.failures}` },
    ],
    notes: [
      `A figure is the mean over a batch of ${BATCH_DECISIONS} decisions; p50 and p99 are over batches.`,
      'In brackets: the ratio to the p50 at 10 policies.',
      'A denial also says what the nearest permits lacked; it looks at 24 permits at most.',
      `Policies name one of ${RESOURCES} resources and a project each; three conditions, guarded.`,
      `The comparison took ${seconds.toFixed(0)} s; most of it is cedar-wasm.`,
      ...comparison.differences.slice(0, 3),
    ],
  };
}

function show({ p50, p99 }: Percentiles, base: Percentiles | undefined): string {
  const ratio = base === undefined ? 1 : p50 / base.p50;
  return `p50 ${p50.toFixed(2)} µs, p99 ${p99.toFixed(2)} µs (${ratio.toFixed(2)}×)`;
}

async function measure(policies: number, batches: number): Promise<Measured> {
  const resources = Array.from({ length: RESOURCES }, (_, index) => resourceAt(index));
  const files = Array.from({ length: Math.ceil(policies / 1_000) }, (_, file) => ({
    path: `policies-${file}.cedar`,
    text: Array.from({ length: Math.min(1_000, policies - file * 1_000) }, (_, index) =>
      policyText(file * 1_000 + index),
    ).join('\n'),
  }));
  const startedMs = performance.now();
  const compiled = await compilePolicies(files, resources);
  const compileMs = performance.now() - startedMs;
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems.slice(0, 3)));
  const allowed = Array.from({ length: 100 }, (_, index) =>
    requestAt((index * 97) % policies, 'refs/heads/main'),
  );
  const denied = Array.from({ length: 100 }, (_, index) =>
    requestAt((index * 97) % policies, 'refs/heads/dev'),
  );
  return {
    policies,
    compileMs,
    allow: timeDecisions(compiled.engine, allowed, 'allow', batches),
    deny: timeDecisions(compiled.engine, denied, 'deny', Math.ceil(batches / 10)),
  };
}

function timeDecisions(
  engine: PolicyEngine,
  requests: readonly AccessRequest[],
  expected: 'allow' | 'deny',
  batches: number,
): Percentiles {
  const microseconds: number[] = [];
  for (let batch = -batches / 4; batch < batches; batch += 1) {
    const startedMs = performance.now();
    for (let count = 0; count < BATCH_DECISIONS; count += 1) {
      const request = requests[count % requests.length];
      if (request === undefined || engine.decide(request).outcome !== expected)
        throw new Error('wrong decision');
    }
    const elapsedMs = performance.now() - startedMs;
    // The first quarter warms the compiler up.
    if (batch >= 0) microseconds.push((elapsedMs * 1_000) / BATCH_DECISIONS);
  }
  microseconds.sort((left, right) => left - right);
  const at = (share: number) => microseconds[Math.floor((microseconds.length - 1) * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function resourceAt(index: number): PolicyResource {
  return { name: `db-${index}`, privileged: true, tags: {} };
}

function policyText(index: number): string {
  return `@id("deploy-${index}")
permit (principal in Project::"github/${index}", action == Action::"issue", resource == Resource::"db-${index % RESOURCES}")
when {
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has environment && principal.environment.name == "production" &&
  principal has trigger && ["push", "workflow_dispatch"].contains(principal.trigger)
};`;
}

function requestAt(index: number, ref: string): AccessRequest {
  const identity: WorkloadIdentity = {
    provider: 'github',
    platform: 'github-actions',
    issuer: 'https://issuer.example',
    subject: `repo:acme/app-${index}:environment:production`,
    org: { id: '1', name: 'acme' },
    project: { id: String(index), path: `acme/app-${index}` },
    ref: { full: ref, type: 'branch' },
    environment: { name: 'production' },
    trigger: 'push',
    claims: { repository: `acme/app-${index}`, ref },
  };
  return {
    identity,
    action: 'issue',
    resource: resourceAt(index % RESOURCES),
    context: { nowMs: 1_767_225_600_000, sourceIp: '192.0.2.1', keyBound: false },
  };
}
