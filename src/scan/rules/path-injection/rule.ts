import { draftReport, findInjections, hasSuccessor } from '../../shared/file-injection.ts';
import type { Rule } from '../../rule.ts';

export const rule: Rule = {
  id: 'path-injection',
  title: 'Outsiders say where programs are looked for',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
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
    if (!hasSuccessor(step)) return;
    for (const injection of findInjections(step, 'GITHUB_PATH', () => true, context)) {
      context.report({
        ...draftReport(injection),
        message: `${injection.carrier} goes to GITHUB_PATH, and the steps behind look for programs there first`,
        severity: injection.privileged ? 'high' : 'low',
        persona: injection.privileged ? 'regular' : 'pedantic',
      });
    }
  },
};
