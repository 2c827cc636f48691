import type { AccessRequest } from '../access-request.ts';
import { type Cedar, loadCedar } from '../cedar-runtime.ts';
import { compilePolicy } from '../engine/compile-policy.ts';
import { type CompiledPolicyEngine, type Evaluation, createPolicyEngine } from '../engine/engine.ts';
import { toCedarRequest } from '../entities.ts';
import { PolicyError } from '../problem.ts';
import { readPolicy } from '../read-policy.ts';
import { randomPolicy, randomRequest } from './random-cases.ts';
import { createRandomSource } from './random-source.ts';

export interface ComparisonOptions {
  seed: number;
  /** How many requests in all, spread over sets of policies. */
  requests: number;
  policiesPerSet: number;
  requestsPerSet: number;
}

export interface Comparison {
  requests: number;
  policies: number;
  /** Left to cedar-wasm by the compiler. */
  fallbackPolicies: number;
  /** How often a policy matched and how often one could not be evaluated: without them equality says little. */
  matches: number;
  failures: number;
  differences: readonly string[];
}

const DIFFERENCES_MAX = 10;
const PRELOADED = 'comparison';

/** Asks our engine and cedar-wasm the same questions: which policies match, which fail, what is decided. */
export async function compareWithCedar(options: ComparisonOptions): Promise<Comparison> {
  const cedar = await loadCedar();
  const random = createRandomSource(options.seed);
  const sum = { requests: 0, policies: 0, fallbackPolicies: 0, matches: 0, failures: 0 };
  const differences: string[] = [];
  while (sum.requests < options.requests && differences.length < DIFFERENCES_MAX) {
    const texts = Array.from({ length: options.policiesPerSet }, (_, index) =>
      randomPolicy(random, `p${index}`),
    );
    const engine = engineFor(cedar, texts);
    sum.policies += texts.length;
    sum.fallbackPolicies += engine.fallbackPolicies;
    const left = Math.min(options.requestsPerSet, options.requests - sum.requests);
    for (let count = 0; count < left; count += 1) {
      const request = randomRequest(random);
      const own = engine.evaluate(request);
      sum.requests += 1;
      sum.matches += own.permits.length + own.forbids.length;
      sum.failures += own.failures.length;
      const [ours, theirs] = [describe(own), askCedar(cedar, request)];
      if (ours !== theirs) differences.push(describeDifference(texts, request, ours, theirs));
    }
  }
  return { ...sum, differences };
}

function engineFor(cedar: Cedar, texts: readonly string[]): CompiledPolicyEngine {
  const staticPolicies = Object.fromEntries(texts.map((text, index) => [`p${index}`, text]));
  const loaded = cedar.preparsePolicySet(PRELOADED, { staticPolicies });
  if (loaded.type === 'failure') throw failed(loaded.errors);
  const compiled = texts.map((text, index) => {
    const answer = cedar.policyToJson(text);
    if (answer.type === 'failure') throw failed(answer.errors);
    return compilePolicy(cedar, readPolicy(`p${index}`, answer.json), text);
  });
  return createPolicyEngine(compiled, 'comparison');
}

/** Cedar tells the matching forbids where there are any, else the matching permits; and all that failed. */
function askCedar(cedar: Cedar, request: AccessRequest): string {
  const answer = cedar.statefulIsAuthorized({ ...toCedarRequest(request), preparsedPolicySetId: PRELOADED });
  if (answer.type === 'failure') throw failed(answer.errors);
  const { decision, diagnostics } = answer.response;
  const failures = diagnostics.errors.map(({ policyId }) => policyId);
  return show(decision, diagnostics.reason, failures);
}

function describe({ permits, forbids, failures }: Evaluation): string {
  const decision = permits.length > 0 && forbids.length === 0 ? 'allow' : 'deny';
  const reason = forbids.length > 0 ? forbids : permits;
  return show(decision, idsOf(reason), idsOf(failures));
}

function idsOf(policies: readonly { id: string }[]): string[] {
  return policies.map(({ id }) => id);
}

function show(decision: string, reason: readonly string[], failures: readonly string[]): string {
  return `${decision} by [${[...reason].sort().join(' ')}], failing [${[...failures].sort().join(' ')}]`;
}

function describeDifference(
  texts: readonly string[],
  request: AccessRequest,
  ours: string,
  theirs: string,
): string {
  const named = new Set(`${ours} ${theirs}`.match(/p\d+/g));
  const shown = texts.filter((_, index) => named.has(`p${index}`)).join('\n');
  return `ours: ${ours}\ncedar: ${theirs}\n${JSON.stringify(request)}\n${shown}`;
}

function failed(cause: unknown): PolicyError {
  return new PolicyError('policy_compiler_failed', 'Cedar refused a generated case.', { cause });
}
