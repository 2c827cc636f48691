import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import { parseExpression } from '#pipeline/github/expressions/parse.ts';
import { readExpressions } from '#pipeline/github/expressions/read.ts';
import type { Guard } from '#pipeline/model.ts';
import { locateCondition, locateNode, writtenNode } from '../../shared/condition-places.ts';
import type { FixDraft, Rule, RuleContext } from '../../rule.ts';

/** `a || b || c` as its parts. */
function alternatives(node: ExpressionNode): readonly ExpressionNode[] {
  if (node.kind !== 'binary' || node.operator !== '||') return [node];
  return [...alternatives(node.left), ...alternatives(node.right)];
}

/** `== 'a' || 'b'`: the text alone is an alternative, and a text is true. */
function findBareText(parts: readonly ExpressionNode[]): ExpressionNode | undefined {
  return parts.find(
    (part) => part.kind === 'literal' && typeof part.value === 'string' && part.value.trim() !== '',
  );
}

/** Functions whose result depends on what they are given alone. */
const PURE = new Set(['contains', 'startswith', 'endswith', 'format', 'join', 'tojson', 'fromjson', 'case']);

function isConstant(root: ExpressionNode): boolean {
  for (const node of walkExpression(root)) {
    if (node.kind === 'context') return false;
    if (node.kind === 'call' && !PURE.has(node.name.toLowerCase())) return false;
  }
  return true;
}

/** The path and the text of `path != 'text'`. */
function readDifference(node: ExpressionNode): { path: string; text: string } | undefined {
  if (node.kind !== 'binary' || node.operator !== '!=') return undefined;
  const [left, right] = node.right.kind === 'literal' ? [node.left, node.right] : [node.right, node.left];
  const path = pathOf(left);
  if (path === undefined || right.kind !== 'literal' || typeof right.value !== 'string') return undefined;
  return { path, text: right.value.toLowerCase() };
}

/** `x != 'a' || x != 'b'`: one of them holds for every value. */
function findContradiction(parts: readonly ExpressionNode[]): ExpressionNode | undefined {
  const seen = new Map<string, string>();
  return parts.find((part) => {
    const difference = readDifference(part);
    if (difference === undefined) return false;
    const before = seen.get(difference.path);
    seen.set(difference.path, difference.text);
    return before !== undefined && before !== difference.text;
  });
}

/** `|` keeps a line break behind the expression; `|-` does not. */
function chompFix(guard: Guard): FixDraft | undefined {
  const { node, source } = guard.text;
  if (node.style !== 'literal' && node.style !== 'folded') return undefined;
  const header = /^([|>])([1-9]?)\+?([1-9]?)[ \t]*(?=\r?\n|#)/.exec(
    source.text.slice(node.start, node.contentStart),
  );
  if (header === null) return undefined;
  const [all, sign = '', before = '', after = ''] = header;
  const replacement = `${sign}${before}${after}-`;
  const end = node.start + all.trimEnd().length;
  return {
    title: 'take the line break away',
    safety: 'unsafe',
    edits: [{ start: node.start, end, replacement }],
  };
}

/** One pair of braces around everything, when that is an expression. */
function joinFix(guard: Guard): FixDraft | undefined {
  const { text } = guard;
  const { node } = text;
  const exact = node.exact && (node.style === 'plain' || node.style === 'double-quoted');
  if (!exact && node.style !== 'single-quoted') return undefined;
  if (text.source.slice({ start: node.contentStart, end: node.contentEnd }) !== text.value) return undefined;
  let joined = '';
  let at = 0;
  for (const { outer, inner, parsed } of text.expressions) {
    const own = text.value.slice(inner.start, inner.end).trim();
    const compound = parsed.ok && parsed.root.kind === 'binary';
    joined += `${text.value.slice(at, outer.start)}${compound ? `(${own})` : own}`;
    at = outer.end;
  }
  joined += text.value.slice(at);
  const replacement = `\${{ ${joined.trim()} }}`;
  if (!parseExpression(joined).ok || readExpressions(replacement).length !== 1) return undefined;
  return {
    title: 'make it one expression',
    safety: 'unsafe',
    edits: [{ start: node.contentStart, end: node.contentEnd, replacement }],
  };
}

function reportText(guard: Guard, context: RuleContext): void {
  const { text } = guard;
  const [first, ...others] = text.expressions;
  if (first === undefined) return;
  const around = text.value.slice(0, first.outer.start) + text.value.slice(first.outer.end);
  const broken = others.length === 0 && around.trim() === '';
  context.report({
    at: locateCondition(first),
    message: broken
      ? 'this condition is always true: white space stands around the expression'
      : 'this condition is always true: text stands outside of the braces',
    fixes: [broken ? chompFix(guard) : joinFix(guard)],
  });
}

function checkGuard(guard: Guard | undefined, context: RuleContext): void {
  if (guard === undefined) return;
  if (guard.alwaysTrue) {
    reportText(guard, context);
    return;
  }
  const { expression } = guard;
  if (expression?.parsed.ok !== true) return;
  const parts = alternatives(expression.parsed.root);
  const bare = findBareText(parts);
  if (bare !== undefined) {
    context.report({
      at: locateNode(expression, bare),
      message: `this condition is always true: the text ${writtenNode(expression, bare)} is a condition of its own`,
      remedy:
        "Write the comparison out for each value: `github.ref == 'refs/heads/a' || github.ref == 'refs/heads/b'`.",
    });
    return;
  }
  if (isConstant(expression.parsed.root)) {
    context.report({
      at: locateCondition(expression),
      message: 'this condition comes to the same on every run: nothing in it depends on anything',
      severity: 'low',
      persona: 'pedantic',
      remedy: 'Take the condition away, or with `false` what it switches off.',
    });
    return;
  }
  const contradiction = findContradiction(parts);
  if (contradiction === undefined) return;
  context.report({
    at: locateNode(expression, contradiction),
    message: `this condition is always true: every value differs from one of two, so that ${writtenNode(expression, contradiction)} or the other holds`,
    remedy: 'Join what must not be with `&&`.',
  });
}

export const rule: Rule = {
  id: 'condition-always-true',
  title: 'A condition is always true',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-571', 'CWE-783'], cis: ['2.3.1'] },
  description:
    'Looks for conditions that hold whatever happens: text or a line break around `${{ }}`, a text that stands alone behind `||`, and two things that a value must not be joined with `||`.',
  why: 'The platform takes everything around the braces as text, and a text is true. The job runs for everybody and everything, also where the condition was to keep outsiders away from secrets.',
  remedy:
    'Leave the braces out, or put the whole condition into one pair: `if: ${{ a && b }}`; in a block use `|-` and not `|`.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idif',
    'https://github.com/actions/runner/issues/1173',
  ],
  aliases: ['zizmor/unsound-condition', 'poutine/if_always_true', 'actionlint/if-cond'],

  job(job, context) {
    checkGuard(job.guard, context);
  },
  step(step, context) {
    checkGuard(step.guard, context);
  },
};
