import type { Step } from '#pipeline/model.ts';
import {
  draftReport,
  type FileInjection,
  findInjections,
  hasSuccessor,
} from '../../shared/file-injection.ts';
import { isOpen } from '../../shared/outsider-taint.ts';
import { worstOf } from '../../shared/shell-taint.ts';
import type { Report, Rule, RuleContext } from '../../rule.ts';

/** A run of a fork without secrets is its author’s own; a last step hands nothing on. */
function rankOf({ privileged }: FileInjection, follows: boolean): Pick<Report, 'severity' | 'persona'> {
  if (privileged && follows) return { severity: 'high', persona: 'regular' };
  return { severity: 'low', persona: 'pedantic' };
}

function checkJavaScript(step: Step, context: RuleContext): void {
  const taint = worstOf(context.taintsOfAddedPaths(step).filter((each) => isOpen(each, step, context)));
  if (taint === undefined || step.work.kind !== 'action' || !hasSuccessor(step)) return;
  context.report({
    at: step.work.text.node,
    message: `core.addPath is given ${taint.origin}, and the steps behind look for programs there first`,
    severity: taint.authority === 'full' ? 'high' : 'low',
    confidence: 'medium',
    persona: taint.authority === 'full' ? 'regular' : 'pedantic',
  });
}

export const rule: Rule = {
  id: 'path-injection',
  title: 'Outsiders say where programs are looked for',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['github_path', 'add-path', 'addpath'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-427', 'CWE-426'], cis: ['2.3.1'] },
  description: 'Looks for scripts that write what an outsider wrote to `$GITHUB_PATH` while steps follow.',
  why: 'The folder comes before all others when a step looks for a program. Whoever names it, and gets a file called `git` or `node` there, is run by the next step with the token and the secrets of the job.',
  remedy:
    'Write only fixed folders to `$GITHUB_PATH`; call a program that a value selects by its full path, after comparing the value with those that you expect.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-system-path',
  ],
  aliases: [
    'zizmor/github-env',
    'codeql/actions/envpath-injection/critical',
    'sisakulint/envpath-injection-critical',
  ],

  step(step, context) {
    const follows = hasSuccessor(step);
    for (const injection of findInjections(step, 'GITHUB_PATH', () => true, context)) {
      context.report({
        ...draftReport(injection, 'GITHUB_PATH'),
        message: follows
          ? `${injection.carrier} goes to GITHUB_PATH, and the steps behind look for programs there first`
          : `${injection.carrier} goes to GITHUB_PATH; a step that is added behind looks for programs there first`,
        ...rankOf(injection, follows),
      });
    }
    checkJavaScript(step, context);
  },
};
