import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import type { Expression } from '#pipeline/text.ts';
import { isEditable, locateNode, writtenNode } from '../../shared/condition-places.ts';
import {
  expressionsOfJob,
  expressionsOfPipeline,
  expressionsOfStep,
} from '../../shared/model-expressions.ts';
import type { FixDraft, Rule, RuleContext } from '../../rule.ts';

interface Choice {
  readonly whole: ExpressionNode;
  readonly condition: ExpressionNode;
  /** What never comes out. */
  readonly never: ExpressionNode;
  readonly otherwise: ExpressionNode;
}

function isFalsy(node: ExpressionNode): boolean {
  return node.kind === 'literal' && (node.value === '' || node.value === 0 || !node.value);
}

/** `condition && '' || other`. */
function readChoice(node: ExpressionNode): Choice | undefined {
  if (node.kind !== 'binary' || node.operator !== '||') return undefined;
  const { left } = node;
  if (left.kind !== 'binary' || left.operator !== '&&' || !isFalsy(left.right)) return undefined;
  // With two falsy values there is nothing to choose from.
  if (isFalsy(node.right)) return undefined;
  return { whole: node, condition: left.left, never: left.right, otherwise: node.right };
}

/** Turned around it says what was meant, if what then stands in front is true for sure. */
function turnFix(choice: Choice, expression: Expression): FixDraft | undefined {
  if (choice.otherwise.kind !== 'literal' || !isEditable(expression.text)) return undefined;
  if (expression.text.value.slice(expression.inner.start, expression.inner.end).includes('\n'))
    return undefined;
  // In a plain scalar `!` at the start would be a tag.
  if (expression.outer.start === expression.inner.start) return undefined;
  const condition = writtenNode(expression, choice.condition);
  const parts = [writtenNode(expression, choice.otherwise), writtenNode(expression, choice.never)];
  return {
    title: 'turn the choice around',
    safety: 'unsafe',
    edits: [
      {
        ...locateNode(expression, choice.whole),
        replacement: `!(${condition}) && ${parts.join(' || ')}`,
      },
    ],
  };
}

function checkExpression(expression: Expression, context: RuleContext): void {
  if (!expression.parsed.ok) return;
  for (const node of walkExpression(expression.parsed.root)) {
    const choice = readChoice(node);
    if (choice === undefined) continue;
    const [never, otherwise] = [choice.never, choice.otherwise].map((each) => writtenNode(expression, each));
    context.report({
      at: locateNode(expression, choice.whole),
      message: `this is never ${never ?? ''}: when the condition holds, it still comes to ${(otherwise ?? '').slice(0, 80)}`,
      fixes: [turnFix(choice, expression)],
    });
  }
}

export const rule: Rule = {
  id: 'pseudo-ternary',
  title: 'A choice that always comes out the same',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['&&'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-783', 'CWE-480'], cis: ['2.3.1'] },
  description:
    "Looks for `condition && '' || other`, where the value in the middle is empty, zero, false or null.",
  why: '`&&` and `||` hand on a value: an empty one in the middle counts as false, and the other one is taken whether the condition holds or not. A setting that was to be off for pull requests is on.',
  remedy:
    "Turn it around, so that a value that is not empty stands in the middle: `!condition && 'other' || ''`.",
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators'],
  aliases: ['zizmor/unsound-ternary'],

  pipeline(pipeline, context) {
    for (const expression of expressionsOfPipeline(pipeline)) checkExpression(expression, context);
  },
  job(job, context) {
    for (const expression of expressionsOfJob(job)) checkExpression(expression, context);
  },
  step(step, context) {
    for (const expression of expressionsOfStep(step)) checkExpression(expression, context);
  },
};
