import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import type { GitlabJob, RuleClause, Rules } from '#pipeline/gitlab/model.ts';

const LITERALS_MAX = 8;
const NODES_MAX = 2_000;

/** Conditions that decide about a job: of the whole pipeline, then its own. */
export function clausesOf({ rules, pipeline }: GitlabJob): readonly RuleClause[] {
  return [pipeline.rules, rules].flatMap((each) => (each.kind === 'rules' ? each.clauses : []));
}

export function nodesOf(clauses: readonly RuleClause[]): readonly ExpressionNode[] {
  return clauses
    .flatMap((clause) => (clause.if === undefined ? [] : [...walkExpression(clause.if)]))
    .slice(0, NODES_MAX);
}

const KEYWORD =
  /^(?:api|branches|chat|external|external_pull_requests|merge_requests|pipelines|pushes|schedules|tags|triggers|web)$/;

/** Branches and tags that `only:` and `except:` name. */
export function refsOf(rules: Rules): readonly string[] {
  if (rules.kind !== 'legacy') return [];
  const names = [...rules.only, ...rules.except].map((word) => word.split('@', 1)[0] ?? '');
  return names
    .filter((name) => /^[\w./-]+$/.test(name) && !name.startsWith('/') && !KEYWORD.test(name))
    .slice(0, LITERALS_MAX);
}

/** Whether a word of `only:` and `except:` stands for a kind of ref or of start. */
export function isKeyword(word: string): boolean {
  return KEYWORD.test(word);
}

/** Texts that conditions compare variables with, by variable. */
export function literalsByVariable(nodes: readonly ExpressionNode[]): ReadonlyMap<string, readonly string[]> {
  const pairs = nodes.flatMap((node) => {
    if (node.kind !== 'binary') return [];
    const [variable, literal] =
      node.left.kind === 'context' ? [node.left, node.right] : [node.right, node.left];
    if (variable.kind !== 'context' || literal.kind !== 'literal') return [];
    const { value } = literal;
    return typeof value === 'string' && (node.operator === '==' || node.operator === '!=')
      ? [{ name: variable.name, value }]
      : [];
  });
  const byName = Map.groupBy(pairs, ({ name }) => name);
  return new Map(
    [...byName].map(([name, same]) => [
      name,
      [...new Set(same.map(({ value }) => value))].slice(0, LITERALS_MAX),
    ]),
  );
}

function writeLiteral(value: string | number | boolean | null, isPattern: boolean): string {
  if (typeof value !== 'string' || isPattern) return String(value);
  return `"${value}"`;
}

/** A condition as GitLab would read it. */
export function writeCondition(node: ExpressionNode, parent = ''): string {
  if (node.kind === 'context') return `$${node.name}`;
  if (node.kind === 'literal') return writeLiteral(node.value, parent === '=~' || parent === '!~');
  if (node.kind !== 'binary') return '…';
  const { operator, left, right } = node;
  const text = `${writeCondition(left, operator)} ${operator} ${writeCondition(right, operator)}`;
  return operator === '||' && parent === '&&' ? `(${text})` : text;
}

function writeRules(rules: Rules): string {
  if (rules.kind === 'none') return '';
  if (rules.kind === 'legacy') {
    const only = rules.only.length === 0 ? [] : [`only: ${rules.only.join(', ')}`];
    const except = rules.except.length === 0 ? [] : [`except: ${rules.except.join(', ')}`];
    return [...only, ...except].join('; ') || 'only: variables or changes';
  }
  return rules.clauses
    .map((clause) => {
      const asked = clause.asksForFiles === undefined ? [] : [`${clause.asksForFiles}:`];
      const condition = clause.if === undefined ? [] : [writeCondition(clause.if)];
      const unread = clause.uncertain && clause.if === undefined && asked.length === 0 ? ['…'] : [];
      const when = clause.when === 'on_success' ? [] : [`when: ${clause.when}`];
      return [...condition, ...unread, ...asked, ...when].join(', ') || 'when: on_success';
    })
    .join('; ');
}

/** All that decides whether a job runs, in one line. */
export function writeGuard(job: GitlabJob): string {
  const own = writeRules(job.rules);
  const manual = job.when === undefined || job.when === 'on_success' ? '' : `when: ${job.when}`;
  const workflow = own === '' ? writeRules(job.pipeline.rules) : '';
  return [workflow === '' ? '' : `workflow: ${workflow}`, own, manual].filter(Boolean).join('; ');
}
