import type { ExpressionNode } from '../expression.ts';
import type { Truth } from '../guard.ts';
import type { RuleClause, Rules } from './model.ts';

/** What is known of predefined variables: a value, null when it is not set, undefined when nobody knows. */
export type Situation = (variable: string) => string | null | undefined;

const DEFAULT_BRANCH = 'main';

/** A merge request pipeline: no branch, no tag. */
export const mergeRequest: Situation = (variable) => {
  switch (variable) {
    case 'CI_PIPELINE_SOURCE':
      return 'merge_request_event';
    case 'CI_COMMIT_BRANCH':
    case 'CI_COMMIT_TAG':
    case 'CI_OPEN_MERGE_REQUESTS':
      return null;
    case 'CI_MERGE_REQUEST_ID':
    case 'CI_MERGE_REQUEST_IID':
      return '1';
    case 'CI_DEFAULT_BRANCH':
      return DEFAULT_BRANCH;
    case 'CI_COMMIT_REF_PROTECTED':
      return 'false';
    default:
      return undefined;
  }
};

/** A push to the default branch. */
export const defaultBranch: Situation = (variable) => {
  switch (variable) {
    case 'CI_PIPELINE_SOURCE':
      return 'push';
    case 'CI_COMMIT_BRANCH':
    case 'CI_COMMIT_REF_NAME':
    case 'CI_DEFAULT_BRANCH':
      return DEFAULT_BRANCH;
    case 'CI_COMMIT_TAG':
    case 'CI_MERGE_REQUEST_ID':
    case 'CI_MERGE_REQUEST_IID':
      return null;
    default:
      return undefined;
  }
};

/** A push to a branch that is none of the project's own. */
export const featureBranch: Situation = (variable) => {
  switch (variable) {
    case 'CI_PIPELINE_SOURCE':
      return 'push';
    case 'CI_COMMIT_BRANCH':
    case 'CI_COMMIT_REF_NAME':
      return 'feature';
    case 'CI_DEFAULT_BRANCH':
      return DEFAULT_BRANCH;
    case 'CI_COMMIT_TAG':
    case 'CI_MERGE_REQUEST_ID':
    case 'CI_MERGE_REQUEST_IID':
      return null;
    default:
      return undefined;
  }
};

type Value = { readonly known: string | null } | undefined;

function valueOf(node: ExpressionNode, situation: Situation): Value {
  if (node.kind === 'literal') {
    return { known: typeof node.value === 'string' ? node.value : null };
  }
  if (node.kind !== 'context') return undefined;
  const known = situation(node.name);
  return known === undefined ? undefined : { known };
}

function negate(truth: Truth): Truth {
  if (truth === 'unknown') return truth;
  return truth === 'true' ? 'false' : 'true';
}

function toTruth(value: boolean): Truth {
  return value ? 'true' : 'false';
}

/** Patterns are not run: only that nothing matches a variable that is not set is certain. */
function matches(left: Value): Truth {
  return left?.known === null ? 'false' : 'unknown';
}

function equal(left: Value, right: Value): Truth {
  return left === undefined || right === undefined ? 'unknown' : toTruth(left.known === right.known);
}

export function evaluateCondition(node: ExpressionNode, situation: Situation): Truth {
  if (node.kind !== 'binary') {
    const value = valueOf(node, situation);
    return value === undefined ? 'unknown' : toTruth(value.known !== null && value.known !== '');
  }
  if (node.operator === '&&' || node.operator === '||') {
    const decisive: Truth = node.operator === '&&' ? 'false' : 'true';
    const truths = [node.left, node.right].map((each) => evaluateCondition(each, situation));
    if (truths.includes(decisive)) return decisive;
    return truths.includes('unknown') ? 'unknown' : negate(decisive);
  }
  const [left, right] = [valueOf(node.left, situation), valueOf(node.right, situation)];
  switch (node.operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return negate(equal(left, right));
    case '=~':
      return matches(left);
    case '!~':
      return negate(matches(left));
    case '<':
    case '<=':
    case '>':
    case '>=':
      break;
  }
  return 'unknown';
}

function holds(clause: RuleClause, situation: Situation): Truth {
  const truth = clause.if === undefined ? 'true' : evaluateCondition(clause.if, situation);
  return truth === 'true' && clause.uncertain ? 'unknown' : truth;
}

/** The first clause that holds decides; each before it that may hold keeps its own outcome possible. */
function evaluateClauses(clauses: readonly RuleClause[], situation: Situation): Truth {
  const possible = new Set<Truth>();
  for (const clause of clauses) {
    const truth = holds(clause, situation);
    if (truth === 'false') continue;
    possible.add(toTruth(clause.when !== 'never'));
    if (truth === 'true') return possible.size > 1 ? 'unknown' : toTruth(possible.has('true'));
  }
  return possible.has('true') ? 'unknown' : 'false';
}

const names = (list: readonly string[], word: string): boolean => list.includes(word);

function evaluateLegacy(only: readonly string[], except: readonly string[], isMergeRequest: boolean): Truth {
  if (isMergeRequest) {
    if (names(except, 'merge_requests')) return 'false';
    return names(only, 'merge_requests') ? 'true' : 'false';
  }
  if (names(except, 'branches')) return 'false';
  if (only.length === 0) return except.length === 0 ? 'true' : 'unknown';
  if (names(only, 'branches')) return 'true';
  return only.every((word) => /^(?:tags|merge_requests|schedules|web|api|triggers)$/.test(word))
    ? 'false'
    : 'unknown';
}

/** Whether rules let something run; `orElse` when there are none. */
export function evaluateRules(rules: Rules, situation: Situation, orElse: Truth): Truth {
  if (rules.kind === 'none') return orElse;
  if (rules.kind === 'rules') return evaluateClauses(rules.clauses, situation);
  return evaluateLegacy(rules.only, rules.except, situation('CI_PIPELINE_SOURCE') === 'merge_request_event');
}
