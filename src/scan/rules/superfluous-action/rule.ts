import type { Rule } from '../../rule.ts';
import { replacements } from './replacements.ts';

export const rule: Rule = {
  id: 'superfluous-action',
  title: 'An action does what the runner can do',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-1357'], cis: ['3.1.1'] },
  description: 'Looks for actions whose work is one command that hosted runners bring along.',
  why: 'Each action is code of somebody else that runs with what the job has. Where one command does the same, there is one owner less who can be robbed.',
  remedy: 'Run the command in a step of its own.',
  references: [
    'https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-github-cli',
  ],
  aliases: ['zizmor/superfluous-actions'],

  step(step, context) {
    const { work } = step;
    if (work.kind !== 'action' || !Object.hasOwn(replacements, work.reference.repository)) return;
    // A machine of one's own may lack the tool.
    if (step.job.runner?.hosting === 'self-hosted') return;
    const instead = replacements[work.reference.repository] ?? '';
    context.report({
      at: work.text.node,
      message: `${work.reference.repository} does what ${instead} does without code of somebody else`,
      remedy: `Use ${instead} in its place.`,
      key: work.reference.repository,
    });
  },
};
