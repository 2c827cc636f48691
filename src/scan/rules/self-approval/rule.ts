import { evaluateGuard } from '#pipeline/guard.ts';
import type { Span } from '#pipeline/source.ts';
import type { Script, Step } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { openTriggers } from '../../shared/job-authority.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';

const APPROVERS = new Set([
  'hmarr/auto-approve-action',
  'juliangruber/approve-pull-request-action',
  'cognitedata/auto-approve-dependabot-action',
  'exercism/pr-auto-approve-action',
  'davidlj95/action-approve-pr',
]);
/** A command, and the words behind it that make it an approval: one after the other, as both can repeat. */
const COMMANDS: readonly (readonly [RegExp, RegExp])[] = [
  [/\bgh\s+pr\s+review\b/, /\s(?:--approve|-a)(?=\s|$)/],
  [/\bgh\s+api\b/, /\bevent=["']?APPROVE\b/],
];
const SCRIPTED = /\bpulls\.createReview\(\s*\{[^}]{0,2000}?\bevent:\s*["']APPROVE["']/;

interface Approval {
  readonly at: Span;
  readonly what: string;
}

function findInScript(script: Script): Approval | undefined {
  if (!/\bgh\s/.test(script.text.value)) return undefined;
  for (const { code, locate } of shellLinesOf(script.text)) {
    for (const [command, approval] of COMMANDS) {
      const start = code.search(command);
      const end = start === -1 ? -1 : code.slice(start).search(approval);
      if (end !== -1) return { at: locate(start, code.trimEnd().length), what: 'a command' };
    }
  }
  return undefined;
}

function findApproval({ work }: Step): Approval | undefined {
  if (work.kind === 'script') return findInScript(work);
  if (work.kind !== 'action') return undefined;
  const { repository } = work.reference;
  if (APPROVERS.has(repository)) return { at: work.text.node, what: repository };
  if (repository !== 'actions/github-script') return undefined;
  const script = work.inputs.find(({ name }) => name.toLowerCase() === 'script')?.value;
  const match = script === undefined ? null : SCRIPTED.exec(script.value);
  if (script === undefined || match === null) return undefined;
  return { at: script.span(match.index, match.index + match[0].length), what: 'a script' };
}

/** Conditions about machine accounts are judged by rules of their own: here they are an attempt to choose. */
function choosesAuthors({ guard, job }: Step): boolean {
  return [guard, job.guard].some(
    (each) =>
      each !== undefined &&
      /\.(?:login|actor|id)\b|github\.(?:triggering_)?actor|\[bot\]/.test(each.text.value),
  );
}

function opensToAnybody(step: Step, context: RuleContext): boolean {
  if (choosesAuthors(step)) return false;
  return openTriggers(step.job, context).some(
    ({ event }) => evaluateGuard(step.guard, context.outsider(event)) !== 'false',
  );
}

export const rule: Rule = {
  id: 'self-approval',
  title: 'A workflow approves pull requests',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  needs: ['approve', 'review'],
  standards: { cicdSec: ['CICD-SEC-1', 'CICD-SEC-5'], cwe: ['CWE-285', 'CWE-862'], cis: ['1.1.3', '2.3.5'] },
  description: 'Looks for steps that approve a pull request.',
  why: 'Where one approval is needed before a merge, this one counts. Whoever gets such a run for their own change needs nobody else to look at it.',
  remedy:
    'Leave approvals to people, and switch off “Allow GitHub Actions to create and approve pull requests”. For updates of dependencies use a merge queue with required checks.',
  references: [
    'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#preventing-github-actions-from-creating-or-approving-pull-requests',
  ],
  aliases: [],

  step(step, context) {
    const approval = findApproval(step);
    if (approval === undefined) return;
    const open = opensToAnybody(step, context);
    context.report({
      at: approval.at,
      message: open
        ? `${approval.what} approves pull requests in a run that anybody can cause`
        : `${approval.what} approves pull requests in the job ${step.job.id}`,
      severity: open ? 'high' : 'medium',
      persona: open ? 'regular' : 'auditor',
    });
  },
};
