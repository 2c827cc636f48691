import { type Judge, judgePolicy, validateWithCedar } from '../check/validate-policies.ts';
import { readSchemaTree } from '../check/schema-tree.ts';
import { type Cedar, loadCedar } from '../cedar-runtime.ts';
import { bySeverityAndPosition, duplicateIds, parseAll, splitFiles } from '../compile-policies.ts';
import type { ParsedPolicy } from '../parse-policies.ts';
import type { PolicyProblem } from '../problem.ts';
import type { SourceFile } from '../source/source-policy.ts';
import { builtInPeoplePolicies } from './built-in-policies.ts';
import { checkPeopleNames } from './check-people-names.ts';
import { createPeoplePolicy, type PeoplePolicy } from './people-policy.ts';
import { peopleSchemaText } from './people-schema.ts';

const BUILT_IN_FILE = 'built-in';
/** More would be slow to ask, and nobody could say who may do what. */
const POLICIES_MAX = 200;

export type PeopleCompilation =
  | { ok: true; policy: PeoplePolicy; warnings: readonly PolicyProblem[] }
  | { ok: false; problems: readonly PolicyProblem[] };

/**
 * The built-in policies for people, with those of the operator: a permit adds to a role, a forbid takes away and
 * wins. Validated as strictly as the policies for workloads.
 * @throws {PolicyError} `policy_compiler_failed` when the Cedar library itself breaks.
 */
export async function compilePeoplePolicies(
  files: readonly SourceFile[],
  teams: ReadonlySet<string>,
): Promise<PeopleCompilation> {
  const own = [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
  const { sources, problems: oversized } = splitFiles([
    { path: BUILT_IN_FILE, text: builtInPeoplePolicies },
    ...own,
  ]);
  if (oversized.length > 0) return { ok: false, problems: oversized };
  if (sources.length > POLICIES_MAX) return { ok: false, problems: [tooMany(own)] };
  const cedar = await loadCedar();
  const { parsed, problems: unread } = await parseAll(cedar, sources);
  // Reading the schema is most of the work, and ours alone were judged when they were written: a test does.
  const judged = own.length === 0 ? [] : judgeAll(cedar, parsed, teams);
  const found = [...unread, ...duplicateIds(parsed), ...judged].sort(bySeverityAndPosition);
  if (found[0]?.severity === 'error') return { ok: false, problems: found };
  const texts = new Map(parsed.map(({ policy, source }) => [policy.id, source.text]));
  const paths = own.map(({ path }) => path);
  return { ok: true, policy: createPeoplePolicy(cedar, texts, paths), warnings: found };
}

function judgeAll(
  cedar: Cedar,
  parsed: readonly ParsedPolicy[],
  teams: ReadonlySet<string>,
): PolicyProblem[] {
  const tree = readSchemaTree(cedar, peopleSchemaText);
  const judge: Judge = { cedar, schema: peopleSchemaText, tree };
  const texts = new Map(parsed.map(({ key, source }) => [key, source.text]));
  const verdicts = validateWithCedar(cedar, peopleSchemaText, texts);
  return parsed.flatMap((policy) =>
    judgePolicy(judge, policy, checkPeopleNames(policy.policy, teams), verdicts.get(policy.key)),
  );
}

function tooMany([first]: readonly SourceFile[]): PolicyProblem {
  return {
    code: 'policies_too_many',
    severity: 'error',
    file: first?.path ?? BUILT_IN_FILE,
    line: 1,
    column: 1,
    message: `There are more than ${POLICIES_MAX} policies for people.`,
    remedy: 'Give roles to groups in `people.roles`, and keep policies for exceptions.',
  };
}
