import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import type { Guard, Job, Step } from '#pipeline/model.ts';
import type { Expression } from '#pipeline/text.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import { isEditable, locateNode, writtenNode } from '../../shared/condition-places.ts';
import type { FixDraft, Rule, RuleContext } from '../../rule.ts';

/** A text with several words, and what is looked for in it. */
interface SubstringTest {
  readonly call: ExpressionNode;
  readonly words: readonly string[];
  readonly haystack: ExpressionNode;
  readonly needle: ExpressionNode;
  readonly path: string;
}

function parseWords(text: string): readonly string[] | undefined {
  const json = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1];
  const words = (json ?? text)
    .split(/[\s,;|]+/)
    .map((word) => (json === undefined ? word : word.replace(/^"(.*)"$/, '$1')))
    .filter((word) => word !== '');
  return words.length > 1 || json !== undefined ? words : undefined;
}

function readTest(node: ExpressionNode): SubstringTest | undefined {
  if (node.kind !== 'call' || node.name.toLowerCase() !== 'contains') return undefined;
  const [haystack, needle] = node.args;
  if (haystack?.kind !== 'literal' || typeof haystack.value !== 'string' || needle === undefined)
    return undefined;
  const words = parseWords(haystack.value);
  const path = pathOf(needle);
  return words === undefined || path === undefined
    ? undefined
    : { call: node, words, haystack, needle, path };
}

/** Names that anybody can choose for an account or a branch. */
const CHOSEN =
  /^github\.(?:actor|triggering_actor|head_ref|event\..*\.(?:login|ref|head_branch|name|title))$/;

/** Whether somebody without rights can give the value that is looked for. */
function isChosenByOutsiders(
  path: string,
  expression: Expression,
  place: { job: Job; step?: Step },
  context: RuleContext,
): boolean {
  const open = place.job.pipeline.triggers.some(({ firedBy }) => isOutsider(firedBy));
  if (open && CHOSEN.test(path)) return true;
  return context.taintsOf(expression, place).some(({ writtenBy }) => isOutsider(writtenBy));
}

function listFix(test: SubstringTest, expression: Expression): FixDraft | undefined {
  const safe = test.words.every((word) => /^[\w./@:[\]-]+$/.test(word));
  if (!safe || test.words.length === 0 || !isEditable(expression.text)) return undefined;
  const list = test.words.map((word) => `"${word}"`).join(', ');
  return {
    title: 'compare with each item of a list',
    safety: 'unsafe',
    edits: [{ ...locateNode(expression, test.haystack), replacement: `fromJSON('[${list}]')` }],
  };
}

function checkGuard(guard: Guard | undefined, place: { job: Job; step?: Step }, context: RuleContext): void {
  const expression = guard?.expression;
  if (expression?.parsed.ok !== true) return;
  for (const node of walkExpression(expression.parsed.root)) {
    const test = readTest(node);
    if (test === undefined) continue;
    const open = isChosenByOutsiders(test.path, expression, place, context);
    context.report({
      at: locateNode(expression, test.call),
      message: `\`${writtenNode(expression, test.needle)}\` passes with any part of ${writtenNode(expression, test.haystack).slice(0, 80)}, not only with its words`,
      severity: open ? 'high' : 'low',
      persona: open ? 'regular' : 'pedantic',
      fixes: [listFix(test, expression)],
    });
  }
}

export const rule: Rule = {
  id: 'substring-condition',
  title: 'A condition looks for a part of a text',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['contains'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-183', 'CWE-187'], cis: ['2.3.1'] },
  description:
    'Looks for conditions with `contains()` that search a text with several names in it, and not a list. Who can choose the name decides how bad it is.',
  why: "`contains('octocat hubot', github.actor)` holds for an account that is called `cat`, `t` or `hub`, too: the platform compares characters, and does not know where a name ends.",
  remedy:
    'Search a list, which compares whole items: `contains(fromJSON(\'["octocat", "hubot"]\'), github.actor)`.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#contains'],
  aliases: ['zizmor/unsound-contains', 'sisakulint/unsound-contains'],

  job(job, context) {
    checkGuard(job.guard, { job }, context);
  },
  step(step, context) {
    checkGuard(step.guard, { job: step.job, step }, context);
  },
};
