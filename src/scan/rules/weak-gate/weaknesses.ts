import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import type { Trigger } from '#pipeline/trigger.ts';

/** Why a condition lets in whom it seems to keep out. */
export interface Weakness {
  readonly message: string;
  readonly remedy: string;
  readonly certain: boolean;
}

const ASSOCIATIONS = /^(?:CONTRIBUTOR|FIRST_TIME_CONTRIBUTOR|FIRST_TIMER|NONE|MANNEQUIN)$/i;

function comparesAssociation(node: ExpressionNode): boolean {
  return [...walkExpression(node)].some((each) => pathOf(each)?.endsWith('.author_association') === true);
}

/** An association that the condition lets in, and that does not mean a right. */
function findOpenAssociation(root: ExpressionNode): string | undefined {
  for (const node of walkExpression(root)) {
    const asks =
      (node.kind === 'binary' && node.operator === '==') ||
      (node.kind === 'call' && node.name.toLowerCase() === 'contains');
    if (!asks || !comparesAssociation(node)) continue;
    for (const each of walkExpression(node)) {
      if (each.kind !== 'literal' || typeof each.value !== 'string') continue;
      const open = each.value.split(/[^A-Za-z_]+/).find((word) => ASSOCIATIONS.test(word));
      if (open !== undefined) return open.toUpperCase();
    }
  }
  return undefined;
}

/** Who acts, in each event, and who is only mentioned in it. */
const SUBJECTS: Readonly<Record<string, { readonly actor: string; readonly others: readonly string[] }>> = {
  issue_comment: { actor: 'github.event.comment', others: ['github.event.issue'] },
  discussion_comment: { actor: 'github.event.comment', others: ['github.event.discussion'] },
};

/** The condition asks about the author of the issue, and somebody else writes the comment. */
function findWrongSubject(root: ExpressionNode, event: string): { asked: string; actor: string } | undefined {
  const subject = Object.hasOwn(SUBJECTS, event) ? SUBJECTS[event] : undefined;
  if (subject === undefined) return undefined;
  const paths = [...walkExpression(root)].map((node) => pathOf(node) ?? '');
  const asksActor = paths.some(
    (path) => path.startsWith(`${subject.actor}.`) && /association$|user\.login$/.test(path),
  );
  if (asksActor || paths.some((path) => /^github\.(?:actor|triggering_actor|event\.sender)/.test(path))) {
    return undefined;
  }
  const asked = paths.find((path) =>
    subject.others.some((other) => path === `${other}.author_association` || path === `${other}.user.login`),
  );
  return asked === undefined ? undefined : { asked, actor: subject.actor };
}

/** A label stays on; without `types` the next push runs with it as well. */
function findStickyLabel(root: ExpressionNode, trigger: Trigger): string | undefined {
  if (trigger.event !== 'pull_request_target') return undefined;
  const pushed = trigger.activities === undefined || trigger.activities.includes('synchronize');
  if (!pushed) return undefined;
  const negated = new Set(
    [...walkExpression(root)].flatMap((node) => (node.kind === 'not' ? node.operand : [])),
  );
  for (const node of walkExpression(root)) {
    if (node.kind !== 'call' || node.name.toLowerCase() !== 'contains' || negated.has(node)) continue;
    const [where, what] = node.args;
    const path = where === undefined ? undefined : pathOf(where);
    if (path !== 'github.event.pull_request.labels.*.name') continue;
    return what?.kind === 'literal' ? String(what.value).slice(0, 60) : 'a label';
  }
  return undefined;
}

/** The first thing in a condition that is taken for a check of rights and is none. */
export function findWeakness(
  root: ExpressionNode,
  trigger: Trigger,
  takesCode: boolean,
): Weakness | undefined {
  const association = findOpenAssociation(root);
  if (association !== undefined) {
    return {
      message: `the condition lets ${association} in, which anybody becomes without being given a right`,
      remedy:
        'Let in `OWNER`, `MEMBER` and `COLLABORATOR` only, or ask the API for the permission of the person.',
      certain: true,
    };
  }
  const wrong = findWrongSubject(root, trigger.event);
  if (wrong !== undefined) {
    return {
      message: `the condition asks for \`${wrong.asked}\`, and under ${trigger.event} anybody can be the one who acts`,
      remedy: `Ask for \`${wrong.actor}.author_association\`: whoever writes the comment starts the run.`,
      certain: true,
    };
  }
  const label = takesCode ? findStickyLabel(root, trigger) : undefined;
  if (label === undefined) return undefined;
  return {
    message: `the label \`${label}\` stays on, and every later push of the pull request runs with it`,
    remedy: 'Start on `types: [labeled]` only, and check out `github.event.pull_request.head.sha`.',
    certain: false,
  };
}
