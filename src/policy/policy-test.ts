import { z } from 'zod';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import { type YamlSource, parseYamlSource } from '#core/config/yaml-source.ts';
import { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { AccessRequest, PolicyDecision, PolicyEngine, PolicyResource } from './access-request.ts';
import { nearestName } from './nearest-name.ts';
import { PolicyPosture, type PostureAnswer } from './posture.ts';
import type { SourceFile } from './source/source-policy.ts';

const CASES_MAX = 10_000;
const PROBLEMS_MAX = 200;
/** What a case need not say: no policy should depend on the time of a test run. */
const NOW_DEFAULT = '2026-01-01T00:00:00Z';

const shape = WorkloadIdentity.shape;

/** A workload identity of which only what matters to the case is written. */
const PartialIdentity = WorkloadIdentity.extend({
  platform: shape.platform.default(''),
  issuer: shape.issuer.default(''),
  subject: shape.subject.default(''),
  claims: shape.claims.default({}),
});

/** A posture of which only what matters to the case is written: nothing was found, unless it says so. */
const count = PolicyPosture.shape.blocking.default(0);
const PartialPosture = PolicyPosture.extend({
  grade: PolicyPosture.shape.grade.default('pass'),
  blocking: count,
  critical: count,
  high: count,
  medium: count,
  low: count,
  rules: PolicyPosture.shape.rules.default([]),
  ageSeconds: count,
  coverage: PolicyPosture.shape.coverage.default([]),
  workflowDigest: PolicyPosture.shape.workflowDigest.default(''),
});

const PolicyTestCase = z
  .strictObject({
    name: z.string().min(1).max(200),
    /** The workload, in our words… */
    identity: PartialIdentity.optional(),
    /** …or a token's claims, in the platform's. */
    token: z.strictObject({ provider: z.string(), claims: z.record(z.string(), z.unknown()) }).optional(),
    resource: z.string(),
    action: z.enum(['issue', 'renew']).default('issue'),
    context: z
      .strictObject({
        now: z.iso.datetime({ offset: true }).default(NOW_DEFAULT),
        sourceIp: z.union([z.ipv4(), z.ipv6()]).optional(),
        keyBound: z.boolean().default(false),
        /** Not known when it is left out. */
        posture: PartialPosture.optional(),
      })
      .default({ now: NOW_DEFAULT, keyBound: false }),
    expect: z.enum(['allow', 'deny']),
    /** `@id` of a policy that must be among those that decided. */
    because: z.string().optional(),
  })
  .refine(({ identity, token }) => (identity === undefined) !== (token === undefined), {
    error: 'must have either identity or token',
  });
type PolicyTestCase = z.infer<typeof PolicyTestCase>;

/** A `*.test.yaml` file beside the policies. */
export const PolicyTestFile = z.strictObject({ cases: z.array(PolicyTestCase).min(1).max(CASES_MAX) });
export type PolicyTestFile = z.infer<typeof PolicyTestFile>;

export interface PolicyTestResult {
  file: string;
  line: number;
  name: string;
  passed: boolean;
  /** One sentence for a case that failed: what was expected and what came instead. */
  message: string | undefined;
  decision: PolicyDecision | undefined;
}

export interface PolicyTestRun {
  /** Files that could not be read as tests. */
  problems: readonly ConfigurationProblem[];
  results: readonly PolicyTestResult[];
  /** True when every file was readable and every case passed. */
  passed: boolean;
}

export interface PolicyTestOptions {
  files: readonly SourceFile[];
  engine: PolicyEngine;
  resources: readonly PolicyResource[];
  /** Turns a token's claims into an identity, or says why it cannot; undefined where no provider is at hand. */
  identify?: (
    provider: string,
    claims: Readonly<Record<string, unknown>>,
  ) => WorkloadIdentity | { problem: string };
}

/** Runs the tests of policies: what each case expects against what the engine decides. */
export function runPolicyTests(options: PolicyTestOptions): PolicyTestRun {
  const problems: ConfigurationProblem[] = [];
  const results: PolicyTestResult[] = [];
  for (const { path, text } of options.files) {
    const parsed = parseYamlSource(path, text);
    const read = parsed.ok ? validateYaml(PolicyTestFile, parsed.source, [], parsed.source.value) : parsed;
    if (!parsed.ok || !read.ok) {
      problems.push(...(read.ok ? [] : read.problems));
      continue;
    }
    for (const [index, test] of read.value.cases.entries()) {
      results.push(runCase(test, parsed.source, index, options));
    }
  }
  const passed = problems.length === 0 && results.every((result) => result.passed);
  return { problems: problems.slice(0, PROBLEMS_MAX), results, passed };
}

function runCase(
  test: PolicyTestCase,
  source: YamlSource,
  index: number,
  options: PolicyTestOptions,
): PolicyTestResult {
  const { line } = source.locate(['cases', index]);
  const result = { file: source.file, line, name: test.name };
  const request = requestFor(test, options);
  if ('problem' in request)
    return { ...result, passed: false, message: request.problem, decision: undefined };
  const decision = options.engine.decide(request);
  const message = complaintAbout(test, decision);
  return { ...result, passed: message === undefined, message, decision };
}

function requestFor(test: PolicyTestCase, options: PolicyTestOptions): AccessRequest | { problem: string } {
  const resource = options.resources.find(({ name }) => name === test.resource);
  if (resource === undefined) {
    const nearest = nearestName(
      test.resource,
      options.resources.map(({ name }) => name),
    );
    const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
    return { problem: `There is no resource \`${test.resource}\`.${hint}` };
  }
  const identity = identityFor(test, options);
  if ('problem' in identity) return identity;
  const { now, sourceIp, keyBound, posture: given } = test.context;
  const posture: PostureAnswer =
    given === undefined ? { known: false, reason: 'the case gives none' } : { known: true, posture: given };
  const context = { nowMs: Date.parse(now), sourceIp, keyBound, posture };
  return { identity, action: test.action, resource, context };
}

function identityFor(
  { identity, token }: PolicyTestCase,
  { identify }: PolicyTestOptions,
): WorkloadIdentity | { problem: string } {
  if (identity !== undefined) return identity;
  if (token === undefined) return { problem: 'The case has neither identity nor token.' };
  if (identify === undefined)
    return { problem: 'Claims cannot be read without a configuration; write `identity`.' };
  return identify(token.provider, token.claims);
}

function complaintAbout({ expect, because }: PolicyTestCase, decision: PolicyDecision): string | undefined {
  if (decision.outcome !== expect) return `Expected ${expect}, but the decision is ${describe(decision)}.`;
  if (because === undefined || decision.determining.includes(because)) return undefined;
  return `Expected ${expect} because of \`${because}\`, but the decision is ${describe(decision)}.`;
}

function describe(decision: PolicyDecision): string {
  const by = decision.determining.length === 0 ? '' : ` by ${decision.determining.join(', ')}`;
  if (decision.outcome === 'allow') return `allow${by}`;
  const facts = decision.facts.map(
    ({ name, expected, received }) => `${name}: expected ${expected}, received ${received ?? 'nothing'}`,
  );
  return `deny${by} (${[decision.reason, ...facts].join('; ')})`;
}
