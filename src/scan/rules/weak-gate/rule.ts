import { openEvents } from '#pipeline/github/events.ts';
import type { ExpressionNode } from '#pipeline/expression.ts';
import { evaluateExpression } from '#pipeline/guard.ts';
import type { Guard, Job, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findHead } from '../../shared/foreign-code.ts';
import { outsiderIn, powerfulScopesOf, secretsOf } from '../../shared/job-authority.ts';
import { findWeakness, type Weakness } from './weaknesses.ts';

function isLetIn(root: ExpressionNode, trigger: Trigger, weakness: Weakness, context: RuleContext): boolean {
  const assume = outsiderIn(trigger.event, context);
  // What the weakness is about is left open; anything else that stops outsiders still does.
  const truth = evaluateExpression(root, (path) =>
    /author_association$|^github\.event\.(?:issue|discussion)\.user\.login$/.test(path) && weakness.certain
      ? undefined
      : assume(path),
  );
  return truth !== 'false';
}

function checkGuard(guard: Guard | undefined, job: Job, steps: readonly Step[], context: RuleContext): void {
  const parsed = guard?.expression?.parsed;
  if (guard === undefined || parsed?.ok !== true) return;
  const takesCode = steps.some((step) => findHead(step) !== undefined);
  if (!takesCode && secretsOf(job).length + powerfulScopesOf(job).length === 0) return;
  for (const trigger of job.pipeline.triggers) {
    if (!isOutsider(trigger.firedBy) || trigger.authority !== 'full') continue;
    const weakness = findWeakness(parsed.root, trigger, takesCode);
    if (weakness === undefined || !isLetIn(parsed.root, trigger, weakness, context)) continue;
    const at: Span = guard.text.node;
    context.report({
      at,
      message: weakness.message,
      remedy: weakness.remedy,
      severity: takesCode ? 'high' : 'medium',
      confidence: weakness.certain ? 'high' : 'medium',
      related: [{ at: trigger.node, label: 'anybody can cause this event' }],
    });
    return;
  }
}

export const rule: Rule = {
  id: 'weak-gate',
  title: 'A condition does not keep out whom it should',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: openEvents,
  standards: { cicdSec: ['CICD-SEC-1', 'CICD-SEC-4'], cwe: ['CWE-285', 'CWE-863'], cis: ['2.3.1'] },
  description:
    'Looks for conditions on runs with rights that let in `CONTRIBUTOR` and the like, that ask about the author of an issue instead of the one who comments, or that trust a label which later pushes keep.',
  why: 'A condition that looks like a check of rights is taken for one. One merged typo makes a contributor; a comment can be written under a member’s issue; a label that was given once covers what is pushed tomorrow.',
  remedy: 'Check the right of the person who causes the event: `OWNER`, `MEMBER` or `COLLABORATOR`.',
  references: [
    'https://docs.github.com/en/graphql/reference/enums#commentauthorassociation',
    'https://securitylab.github.com/resources/github-actions-new-patterns-and-mitigations/',
  ],
  aliases: ['codeql/actions/improper-access-control', 'sisakulint/improper-access-control'],

  job(job, context) {
    if (job.pipeline.kind === 'workflow') checkGuard(job.guard, job, job.steps, context);
  },
  step(step, context) {
    if (step.job.pipeline.kind === 'workflow') checkGuard(step.guard, step.job, [step], context);
  },
};
