import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { PolicyResource } from './access-request.ts';
import { type Cedar, loadCedar } from './cedar-runtime.ts';
import { checkNames } from './check/check-names.ts';
import { readSchemaTree } from './check/schema-tree.ts';
import { type Judge, judgePolicy, validateWithCedar } from './check/validate-policies.ts';
import { compilePolicy } from './engine/compile-policy.ts';
import { type CompiledPolicyEngine, createPolicyEngine } from './engine/engine.ts';
import type { ReadPolicy } from './engine/compiled-policy.ts';
import { readsPosture } from './expression/reads-posture.ts';
import { type LintEnvironment, type LintIdentityProvider, lintPolicy } from './lint.ts';
import { type ParsedPolicy, parsePolicy } from './parse-policies.ts';
import type { PolicyProblem, PolicySummary } from './problem.ts';
import { policySchemaText } from './schema.ts';
import { type SourceFile, type SourcePolicy, splitPolicies } from './source/source-policy.ts';

const FILE_BYTES_MAX = 1_048_576;
const POLICIES_MAX = 50_000;
const PROBLEMS_MAX = 200;
/** Policies that Cedar sees in one call: some 40 ms, then other work of the process gets its turn. */
const BATCH_POLICIES = 150;

export type Compilation =
  | {
      ok: true;
      engine: CompiledPolicyEngine;
      policies: readonly PolicySummary[];
      /** Lints that do not block, and waived ones. */
      warnings: readonly PolicyProblem[];
    }
  | { ok: false; problems: readonly PolicyProblem[] };

export interface CompileOptions {
  /** Undefined when the configuration is not at hand: lints that need it are left out. */
  identityProviders?: readonly LintIdentityProvider[];
  /** Whether pipelines are inspected; undefined when the configuration is not at hand. */
  posture?: 'configured' | 'missing';
}

/**
 * Reads, validates, lints and compiles policies. Either all of them can be put in force or none.
 * @throws {PolicyError} `policy_compiler_failed` when the Cedar library itself breaks.
 */
export async function compilePolicies(
  files: readonly SourceFile[],
  resources: readonly PolicyResource[],
  options: CompileOptions = {},
): Promise<Compilation> {
  const sorted = [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
  const { sources, problems } = splitFiles(sorted);
  if (problems.length > 0) return { ok: false, problems };
  const cedar = await loadCedar();
  const { parsed, problems: unread } = await parseAll(cedar, sources);
  const judged = await judgeAll(cedar, parsed, resources, options);
  const found = [...unread, ...duplicateIds(parsed), ...judged]
    .sort(bySeverityAndPosition)
    .slice(0, PROBLEMS_MAX);
  if (found[0]?.severity === 'error') return { ok: false, problems: found };
  const engine = createPolicyEngine(
    parsed.map(({ policy, source }) => compilePolicy(cedar, policy, source.text)),
    versionOf(sorted, resources),
  );
  return { ok: true, engine, policies: parsed.map(summarise), warnings: found };
}

export function splitFiles(files: readonly SourceFile[]): {
  sources: SourcePolicy[];
  problems: PolicyProblem[];
} {
  const sources: SourcePolicy[] = [];
  for (const file of files) {
    if (Buffer.byteLength(file.text) > FILE_BYTES_MAX) {
      const message = `The file is larger than ${FILE_BYTES_MAX} bytes.`;
      return { sources, problems: [fileProblem(file, 'policy_file_too_large', message)] };
    }
    for (const source of splitPolicies(file)) sources.push(source);
    if (sources.length > POLICIES_MAX) {
      const message = `There are more than ${POLICIES_MAX} policies.`;
      return { sources, problems: [fileProblem(file, 'policies_too_many', message)] };
    }
  }
  return { sources, problems: [] };
}

function fileProblem({ path }: SourceFile, code: PolicyProblem['code'], message: string): PolicyProblem {
  const remedy = 'Split the file, or let one policy name a set of projects.';
  return { code, severity: 'error', file: path, line: 1, column: 1, message, remedy };
}

export async function parseAll(
  cedar: Cedar,
  sources: readonly SourcePolicy[],
): Promise<{ parsed: ParsedPolicy[]; problems: PolicyProblem[] }> {
  const parsed: ParsedPolicy[] = [];
  const problems: PolicyProblem[] = [];
  for (const [index, source] of sources.entries()) {
    if (index % BATCH_POLICIES === BATCH_POLICIES - 1) await setImmediate();
    const result = parsePolicy(cedar, `policy${index}`, source);
    if (result.ok) parsed.push(result.parsed);
    else problems.push(...result.problems);
  }
  return { parsed, problems };
}

async function judgeAll(
  cedar: Cedar,
  parsed: readonly ParsedPolicy[],
  resources: readonly PolicyResource[],
  options: CompileOptions,
): Promise<PolicyProblem[]> {
  const judge: Judge = { cedar, schema: policySchemaText, tree: readSchemaTree(cedar, policySchemaText) };
  const names: ReadonlySet<string> = new Set(resources.map(({ name }) => name));
  const { identityProviders, posture } = options;
  const guarded = posture === 'configured' && parsed.some(({ policy }) => guardsEverybody(policy));
  const environment = { resources, identityProviders, posture: guarded ? ('guarded' as const) : posture };
  const problems: PolicyProblem[] = [];
  for (let start = 0; start < parsed.length && problems.length < PROBLEMS_MAX; start += BATCH_POLICIES) {
    const batch = parsed.slice(start, start + BATCH_POLICIES);
    const texts = new Map(batch.map(({ key, source }) => [key, source.text]));
    const verdicts = validateWithCedar(cedar, judge.schema, texts);
    for (const policy of batch) {
      const issues = checkNames(policy.policy, judge.tree, names);
      const found = judgePolicy(judge, policy, issues, verdicts.get(policy.key));
      problems.push(...found);
      // A lint of a policy that does not mean what it says would only confuse.
      if (!found.some(({ severity }) => severity === 'error')) problems.push(...lint(policy, environment));
    }
    await setImmediate();
  }
  return problems;
}

/** A forbid on posture that no workload gets around. */
function guardsEverybody({ effect, principal, resource, actions, clauses }: ReadPolicy): boolean {
  const everybody = principal.entity === undefined && resource.entity === undefined;
  return effect === 'forbid' && everybody && actions?.includes('issue') !== false && readsPosture(clauses);
}

function lint({ policy, source }: ParsedPolicy, environment: LintEnvironment): PolicyProblem[] {
  return lintPolicy(policy, environment).map(({ id, severity, message, remedy }) => ({
    code: id,
    severity,
    ...source.positionAt(0),
    message,
    remedy,
    policyId: policy.id,
  }));
}

export function duplicateIds(parsed: readonly ParsedPolicy[]): PolicyProblem[] {
  const first = new Map<string, ParsedPolicy>();
  const problems: PolicyProblem[] = [];
  for (const policy of parsed) {
    const { id } = policy.policy;
    const other = first.get(id);
    if (other === undefined) {
      first.set(id, policy);
      continue;
    }
    const { file, line } = other.source.positionAt(0);
    problems.push({
      code: 'policy_id_duplicate',
      severity: 'error',
      ...policy.source.positionAt(0),
      message: `@id("${id}") is used by another policy: ${file}, line ${line}.`,
      remedy: 'Give each policy a name of its own; decisions and the record name it.',
      policyId: id,
    });
  }
  return problems;
}

function summarise({ policy, source }: ParsedPolicy): PolicySummary {
  const { file, line } = source.positionAt(0);
  const { id, effect, annotations } = policy;
  const resource = policy.resource.entity?.id;
  return { id, file, line, effect, annotations, ...(resource === undefined ? {} : { resource }) };
}

/** SHA-256, hex, over all that a decision depends on beside the request. */
function versionOf(files: readonly SourceFile[], resources: readonly PolicyResource[]): string {
  const byName = [...resources].sort((left, right) => (left.name < right.name ? -1 : 1));
  const parts = [
    policySchemaText,
    files.map(({ path, text }) => [path, text]),
    byName.map(({ name, privileged, tags }) => [name, privileged, Object.entries(tags).toSorted(byKey)]),
  ];
  return hash('sha256', JSON.stringify(parts));
}

function byKey([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : 1;
}

export function bySeverityAndPosition(left: PolicyProblem, right: PolicyProblem): number {
  if (left.severity !== right.severity) return left.severity === 'error' ? -1 : 1;
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || left.column - right.column;
}
