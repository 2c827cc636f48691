import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import { type Assumption, evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Guard, Job, Step } from '#pipeline/model.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import { isEditable, locateNode } from '../../shared/condition-places.ts';
import type { FixDraft, Rule, RuleContext } from '../../rule.ts';

/** Both say who caused the run, not who wrote what it runs on. */
const LAST_ACTOR = new Set(['github.actor', 'github.triggering_actor', 'github.event.sender.login']);
const BOT = /\[bot\]$/i;
/** The numbers of the same accounts. */
const BOT_NUMBERS: Readonly<Record<string, string>> = {
  '49699333': 'dependabot[bot]',
  '29139614': 'renovate[bot]',
  '41898282': 'github-actions[bot]',
};

interface BotTest {
  readonly actor: ExpressionNode;
  readonly comparison: ExpressionNode;
  readonly bot: string;
  /** Set when the condition asks for the number of the account. */
  readonly number: string | undefined;
}

function readTest(node: ExpressionNode): BotTest | undefined {
  if (node.kind !== 'binary' || node.operator !== '==') return undefined;
  const [actor, literal] = node.right.kind === 'literal' ? [node.left, node.right] : [node.right, node.left];
  const path = pathOf(actor);
  if (literal.kind !== 'literal' || path === undefined) return undefined;
  const value = String(literal.value);
  if (path === 'github.actor_id') {
    const named = Object.hasOwn(BOT_NUMBERS, value) ? BOT_NUMBERS[value] : undefined;
    return named === undefined ? undefined : { actor, comparison: node, bot: named, number: value };
  }
  const isBot = LAST_ACTOR.has(path) && BOT.test(value);
  return isBot ? { actor, comparison: node, bot: value, number: undefined } : undefined;
}

/** Looks for the comparison where it lets something happen, and not under `!`. */
function* findTests(node: ExpressionNode): Generator<BotTest> {
  const test = readTest(node);
  if (test !== undefined) yield test;
  else if (node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')) {
    yield* findTests(node.left);
    yield* findTests(node.right);
  }
}

/** What is known when an outsider lets the bot act on their change. */
function spoofed(test: BotTest, event: string, context: RuleContext): Assumption {
  const outsider = context.outsider(event);
  return (path) => {
    if (path === 'github.actor_id') return test.number === undefined ? undefined : { oneOf: [test.number] };
    return LAST_ACTOR.has(path) ? { oneOf: [test.bot] } : outsider(path);
  };
}

const ON_PULL_REQUESTS = /^pull_request(?:_target)?$/;

function openTriggers(
  test: BotTest,
  guard: Guard,
  place: { job: Job; step?: Step },
  context: RuleContext,
): Trigger[] {
  return place.job.pipeline.triggers.filter((trigger) => {
    // Only a pull request, or what follows one, can be somebody’s while a bot is the one who acts.
    if (!ON_PULL_REQUESTS.test(trigger.event) && trigger.event !== 'workflow_run') return false;
    const assume = spoofed(test, trigger.event, context);
    return (
      isOutsider(trigger.firedBy) &&
      evaluateGuard(guard, assume) !== 'false' &&
      evaluateJob(place.job, assume) !== 'false'
    );
  });
}

/** On pull requests the author says it. */
function authorFix(test: BotTest, guard: Guard, triggers: readonly Trigger[]): FixDraft | undefined {
  const { expression } = guard;
  const everywhere = triggers.every(({ event }) => ON_PULL_REQUESTS.test(event));
  if (expression === undefined || test.number !== undefined || !everywhere || !isEditable(guard.text))
    return undefined;
  return {
    title: 'ask for the author of the pull request',
    safety: 'unsafe',
    edits: [{ ...locateNode(expression, test.actor), replacement: 'github.event.pull_request.user.login' }],
  };
}

function checkGuard(guard: Guard | undefined, place: { job: Job; step?: Step }, context: RuleContext): void {
  const expression = guard?.expression;
  if (guard === undefined || expression?.parsed.ok !== true) return;
  // A condition that also asks for the author is asked twice, and the second answer counts.
  const paths = [...walkExpression(expression.parsed.root)].map(pathOf);
  if (paths.some((path) => path?.endsWith('.pull_request.user.login'))) return;
  for (const test of findTests(expression.parsed.root)) {
    const triggers = openTriggers(test, guard, place, context);
    const [trigger] = triggers;
    if (trigger === undefined) continue;
    const full = triggers.find(({ authority }) => authority === 'full');
    const { triggers: all } = place.job.pipeline;
    context.report({
      at: locateNode(expression, test.comparison),
      message: `whoever gets ${test.bot} to act on their own pull request passes this condition under ${(full ?? trigger).event}`,
      severity: full === undefined ? 'low' : 'high',
      persona: full === undefined ? 'pedantic' : 'regular',
      related: [{ at: (full ?? trigger).node, label: 'started by outsiders' }],
      fixes: [authorFix(test, guard, all)],
    });
  }
}

export const rule: Rule = {
  id: 'spoofable-bot-condition',
  title: 'A bot’s name stands for trust',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['actor', 'sender'],
  standards: { cicdSec: ['CICD-SEC-1', 'CICD-SEC-2'], cwe: ['CWE-290', 'CWE-807'], cis: ['2.3.1'] },
  description:
    "Looks for conditions such as `github.actor == 'dependabot[bot]'` in workflows that outsiders start through a pull request.",
  why: '`github.actor` is who acted last, not who wrote the change. Somebody forks the project, lets the bot push to a branch of the fork, opens a pull request from it and has it updated: the bot is the actor, the code is theirs.',
  remedy:
    "Ask who opened the pull request: `github.event.pull_request.user.login == 'dependabot[bot]'`, together with `github.event.pull_request.head.repo.full_name == github.repository`.",
  references: [
    'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/automating-dependabot-with-github-actions',
    'https://www.synacktiv.com/publications/github-actions-exploitation-dependabot',
  ],
  aliases: [
    'zizmor/bot-conditions',
    'poutine/confused_deputy_auto_merge',
    'octoscan/bot-check',
    'sisakulint/bot-conditions',
  ],

  job(job, context) {
    checkGuard(job.guard, { job }, context);
  },
  step(step, context) {
    checkGuard(step.guard, { job: step.job, step }, context);
  },
};
