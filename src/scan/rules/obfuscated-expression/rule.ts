import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import type { ActionUse } from '#pipeline/model.ts';
import { type Expression, locateExpression } from '#pipeline/text.ts';
import { isEditable, locateNode, writtenNode } from '../../shared/condition-places.ts';
import {
  expressionsOfJob,
  expressionsOfPipeline,
  expressionsOfStep,
} from '../../shared/model-expressions.ts';
import type { FixDraft, Report, Rule, RuleContext } from '../../rule.ts';

/** Functions of fixed values that are a fixed value themselves. */
const PURE = new Set(['format', 'join', 'tojson', 'fromjson', 'contains', 'startswith', 'endswith']);

function isCall(node: ExpressionNode, name: string): node is ExpressionNode & { kind: 'call' } {
  return node.kind === 'call' && node.name.toLowerCase() === name;
}

/** Only made of what is written there. */
function isConstant(node: ExpressionNode): boolean {
  if (node.kind === 'literal') return true;
  if (node.kind === 'not') return isConstant(node.operand);
  if (node.kind === 'binary') return isConstant(node.left) && isConstant(node.right);
  return node.kind === 'call' && PURE.has(node.name.toLowerCase()) && node.args.every(isConstant);
}

/** Those of them that nobody needs with fixed values. */
const MADE = ['format', 'join', 'contains', 'startswith', 'endswith'];

interface Oddity {
  readonly node: ExpressionNode;
  readonly what: string;
  /** What says the same without the detour. */
  readonly plain: ExpressionNode | undefined;
  /** Hides a name from whoever searches for it. */
  readonly hides: boolean;
}

function readOddity(node: ExpressionNode): Oddity | undefined {
  const [inner] = node.kind === 'call' ? node.args : [];
  if (isCall(node, 'fromjson') && inner !== undefined && isCall(inner, 'tojson')) {
    return { node, what: 'goes to JSON and back', plain: inner.args[0], hides: false };
  }
  if (node.kind === 'index' && node.index.kind === 'call' && isConstant(node.index)) {
    return { node, what: 'computes a fixed name', plain: undefined, hides: true };
  }
  // A list has no other way to be written than `fromJSON('[…]')`.
  const isMade = node.kind === 'binary' || node.kind === 'not' || MADE.some((name) => isCall(node, name));
  return isMade && isConstant(node)
    ? { node, what: 'computes a fixed value', plain: undefined, hides: false }
    : undefined;
}

function plainFix(oddity: Oddity, expression: Expression): FixDraft | undefined {
  if (oddity.plain === undefined || !isEditable(expression.text)) return undefined;
  // An operator inside would bind to what stands around.
  if (oddity.plain.kind === 'binary') return undefined;
  return {
    title: 'leave the detour out',
    safety: 'safe',
    edits: [{ ...locateNode(expression, oddity.node), replacement: writtenNode(expression, oddity.plain) }],
  };
}

function* findOddities(node: ExpressionNode): Generator<Oddity> {
  const skipped = new Set<ExpressionNode>();
  for (const each of walkExpression(node)) {
    const oddity = skipped.has(each) ? undefined : readOddity(each);
    if (oddity === undefined) continue;
    for (const inside of walkExpression(each)) skipped.add(inside);
    yield oddity;
  }
}

/** `${{ 'a' }}` in the middle of a text is `a`. Alone it may be there for its type: `if: ${{ false }}`. */
function isBareLiteral({ outer, parsed, text }: Expression): boolean {
  if (!parsed.ok || parsed.root.kind !== 'literal') return false;
  const isAlone = text.value.slice(outer.start, outer.end).trim() === text.value.trim();
  return !isAlone || (typeof parsed.root.value === 'string' && text.value.startsWith('${{'));
}

function checkExpression(expression: Expression, context: RuleContext): void {
  if (!expression.parsed.ok) return;
  if (isBareLiteral(expression)) {
    const written = writtenNode(expression, expression.parsed.root).slice(0, 100);
    context.report({
      at: locateExpression(expression),
      message: `\`${written}\` stands in an expression for no reason`,
      severity: 'info',
      persona: 'pedantic',
    });
  }
  for (const oddity of findOddities(expression.parsed.root)) {
    const written = writtenNode(expression, oddity.node).replace(/\s+/g, ' ').slice(0, 100);
    context.report({
      at: locateNode(expression, oddity.node),
      message: `\`${written}\` ${oddity.what}`,
      persona: oddity.hides ? 'regular' : 'pedantic',
      fixes: [plainFix(oddity, expression)],
    });
  }
}

/** `owner/name/./x//y@v1`: the same place, written so that a search does not find it. */
function readPath(use: ActionUse): Report | undefined {
  const { text } = use;
  // Forgejo and Gitea take whole addresses.
  const [path = '', ref] = text.value.replace(/^https?:\/\//i, '').split('@', 2);
  const members = path.split('/');
  if (use.reference.kind !== 'repository' || ref === undefined || members.length < 3) return undefined;
  const odd = members.some((member) => member === '' || member === '.' || member === '..');
  if (!odd) return undefined;
  const kept = members.filter((member) => member !== '' && member !== '.');
  const replacement = `${kept.join('/')}@${ref}`;
  const edits = [{ start: text.node.contentStart, end: text.node.contentEnd, replacement }];
  const fixable = text.node.exact && !members.includes('..');
  return {
    at: text.node,
    message: `the path of ${text.value.slice(0, 100)} has members that mean nothing`,
    remedy: 'Write the path without empty members, `.` and `..`.',
    fixes: [fixable ? { title: 'write the path plainly', safety: 'safe', edits } : undefined],
  };
}

export const rule: Rule = {
  id: 'obfuscated-expression',
  title: 'Written so that it is hard to read',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-1078', 'CWE-506'], cis: ['2.3.1'] },
  description:
    'Looks for expressions that compute a fixed name or value, or go to JSON and back, and for paths of actions with members that mean nothing.',
  why: "Nobody needs it, and it hides from reviews and searches what is used: `secrets[format('{0}_KEY', 'DEPLOY')]` is not found by whoever looks for `DEPLOY_KEY`.",
  remedy: 'Write the name, the value or the path out.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#functions'],
  aliases: ['zizmor/obfuscation', 'sisakulint/obfuscation'],

  pipeline(pipeline, context) {
    for (const expression of expressionsOfPipeline(pipeline)) checkExpression(expression, context);
  },
  job(job, context) {
    for (const expression of expressionsOfJob(job)) checkExpression(expression, context);
  },
  step(step, context) {
    for (const expression of expressionsOfStep(step)) checkExpression(expression, context);
    const path = step.work.kind === 'action' ? readPath(step.work) : undefined;
    if (path !== undefined) context.report(path);
  },
};
