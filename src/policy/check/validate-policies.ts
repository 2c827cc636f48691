import type { DetailedError, Schema } from '@cedar-policy/cedar-wasm/nodejs';
import { type Cedar, callCedar } from '../cedar-runtime.ts';
import type { ParsedPolicy } from '../parse-policies.ts';
import { readExpression } from '../expression/read-expression.ts';
import type { Expression } from '../expression/expression.ts';
import type { PolicyProblem } from '../problem.ts';
import { utf16Offset } from '../source/source-policy.ts';
import { type OptionalAccess, optionalAccessesIn, withAllGuards } from './absence-guards.ts';
import type { NameIssue } from './check-names.ts';
import { locateMention } from './locate-mention.ts';
import type { SchemaTree } from './schema-tree.ts';

interface Span {
  start: number;
  end: number;
}

/** What Cedar's strict validation says of one policy, and what it says of it when nothing is absent. */
export interface Verdict {
  errors: readonly DetailedError[];
  warnings: readonly DetailedError[];
}

/** Asks Cedar about several policies at once; the answer is by the policies' keys. */
export function validateWithCedar(
  cedar: Cedar,
  schema: Schema,
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, Verdict> {
  const answer = callCedar(() =>
    cedar.validate({ schema, policies: { staticPolicies: Object.fromEntries(texts) } }),
  );
  const verdicts = new Map<string, { errors: DetailedError[]; warnings: DetailedError[] }>();
  const at = (key: string) => {
    const verdict = verdicts.get(key) ?? { errors: [], warnings: [] };
    verdicts.set(key, verdict);
    return verdict;
  };
  if (answer.type === 'failure') {
    // Every text was parsed on its own before; fail closed all the same.
    for (const key of texts.keys()) at(key).errors.push(...answer.errors);
    return verdicts;
  }
  for (const { policyId, error } of answer.validationErrors) at(policyId).errors.push(error);
  for (const { policyId, error } of answer.validationWarnings) at(policyId).warnings.push(error);
  return verdicts;
}

export interface Judge {
  cedar: Cedar;
  schema: Schema;
  tree: SchemaTree;
}

/** Turns names that do not exist and Cedar's verdict into problems that say what to write instead. */
export function judgePolicy(
  { cedar, schema, tree }: Judge,
  parsed: ParsedPolicy,
  issues: readonly NameIssue[],
  verdict: Verdict | undefined,
): PolicyProblem[] {
  const named = issues.map((issue) => ({ issue, offset: locateMention(parsed.source.text, issue.mention) }));
  const problems = named.map(({ issue, offset }) => problemAt(parsed, offset, issue));
  const others = (verdict?.errors ?? []).filter((error) => {
    const span = spanOf(parsed.source.text, error);
    return !named.some(({ offset }) => offset >= span.start && offset < span.end);
  });
  if (others.length > 0) {
    const lasting = lastingSpans(cedar, schema, tree, parsed);
    for (const error of others) problems.push(diagnose({ cedar, schema, tree }, parsed, error, lasting));
  }
  if (problems.length === 0) {
    for (const warning of verdict?.warnings ?? []) problems.push(judgeWarning(parsed, warning));
  }
  return withoutRepetition(problems);
}

/** Where Cedar still finds an error when every guard is there; undefined when that could not be tried. */
function lastingSpans(
  cedar: Cedar,
  schema: Schema,
  tree: SchemaTree,
  { policy, source }: ParsedPolicy,
): ReadonlySet<string> | undefined {
  const guarded = withAllGuards(source.text, policy, tree);
  if (guarded === undefined) return undefined;
  const verdict = validateWithCedar(cedar, schema, new Map([['guarded', guarded.text]])).get('guarded');
  const spans = (verdict?.errors ?? []).map((error) => {
    const span = spanOf(guarded.text, error);
    const shift = span.start >= guarded.insertedAt ? guarded.insertedChars : 0;
    return keyOfSpan({ start: span.start - shift, end: span.end - shift });
  });
  return new Set(spans);
}

function diagnose(
  { cedar, tree }: Judge,
  parsed: ParsedPolicy,
  error: DetailedError,
  lasting: ReadonlySet<string> | undefined,
): PolicyProblem {
  const { text } = parsed.source;
  const span = spanOf(text, error);
  if (lasting !== undefined && !lasting.has(keyOfSpan(span))) {
    const expression = readSnippet(cedar, text.slice(span.start, span.end));
    const accesses = expression === undefined ? [] : optionalAccessesIn(expression, tree);
    const longest = accesses.sort((left, right) => right.shown.length - left.shown.length)[0];
    if (longest !== undefined) return mayBeAbsent(parsed, span.start, longest);
  }
  return problemAt(parsed, span.start, {
    code: 'policy_invalid',
    message: `Cedar: ${withoutPrefix(error.message, parsed.key)}.`,
    remedy: withoutPrefix(error.help ?? 'See the policy schema for the types of attributes.', parsed.key),
  });
}

function mayBeAbsent(
  parsed: ParsedPolicy,
  offset: number,
  { kind, shown, guard }: OptionalAccess,
): PolicyProblem {
  const permit = `Write \`${guard} && …\` before it, or \`!(${guard}) || …\` in an \`unless\`: absence must not allow.`;
  const forbid = `Say what absence means: \`!(${guard}) || …\` forbids then, \`${guard} && …\` does not.`;
  return problemAt(parsed, offset, {
    code: kind === 'tag' ? 'tag_may_be_absent' : 'attribute_may_be_absent',
    message: `\`${shown}\` may be absent: not every platform states it.`,
    remedy: parsed.policy.effect === 'permit' ? permit : forbid,
  });
}

/** Of Cedar's warnings, those about the whole policy say that it can never match; the others are about its looks. */
function judgeWarning(parsed: ParsedPolicy, warning: DetailedError): PolicyProblem {
  const { start, end } = spanOf(parsed.source.text, warning);
  if (start === 0 && end === parsed.source.text.length) {
    return problemAt(parsed, 0, {
      code: 'policy_impossible',
      message: 'No request can ever match this policy.',
      remedy: warning.help ?? 'Remove it, or correct the scope or the condition that contradicts the schema.',
    });
  }
  const confusable = problemAt(parsed, start, {
    code: 'policy_confusable',
    message: `Cedar warns: ${withoutPrefix(warning.message, parsed.key)}.`,
    remedy: 'Write the character as an escape (`\\u{…}`), so that nobody takes it for another one.',
  });
  return { ...confusable, severity: 'warning' };
}

/** The code at an error, as an expression of its own. */
function readSnippet(cedar: Cedar, snippet: string): Expression | undefined {
  const answer = callCedar(() =>
    cedar.policyToJson(`permit (principal, action, resource) when { ${snippet} };`),
  );
  const body = answer.type === 'success' ? answer.json.conditions[0]?.body : undefined;
  return body === undefined ? undefined : readExpression(body);
}

function spanOf(text: string, error: DetailedError): Span {
  const [location] = error.sourceLocations ?? [];
  if (location === undefined) return { start: 0, end: 0 };
  return { start: utf16Offset(text, location.start), end: utf16Offset(text, location.end) };
}

function keyOfSpan({ start, end }: Span): string {
  return `${start}-${end}`;
}

/** Cedar begins its sentences with the key that we gave the policy. */
function withoutPrefix(sentence: string, key: string): string {
  return sentence
    .replace(`for policy \`${key}\`, `, '')
    .replace(/[.\s]+$/, '')
    .slice(0, 500);
}

function problemAt(
  { source, policy }: ParsedPolicy,
  offset: number,
  { code, message, remedy }: Pick<PolicyProblem, 'code' | 'message' | 'remedy'>,
): PolicyProblem {
  return { code, severity: 'error', ...source.positionAt(offset), message, remedy, policyId: policy.id };
}

/** Cedar reports once for each action and once for each part of a path. */
function withoutRepetition(problems: readonly PolicyProblem[]): PolicyProblem[] {
  const seen = new Map<string, PolicyProblem>();
  for (const problem of problems) {
    const key = `${problem.line}:${problem.column}:${problem.code}:${problem.code === 'policy_invalid' ? problem.message : ''}`;
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}
