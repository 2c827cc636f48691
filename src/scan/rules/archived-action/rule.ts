import type { ActionReference } from '#pipeline/reference.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { archivedRepositories } from './archived-repositories.ts';

function check(text: Text, reference: ActionReference, context: RuleContext): void {
  const { repository } = reference;
  if (!Object.hasOwn(archivedRepositories, repository)) return;
  const instead = archivedRepositories[repository];
  context.report({
    at: text.node,
    message: `${repository} is archived: nobody corrects it any more`,
    ...(instead === undefined ? {} : { remedy: `Use ${instead} in its place.` }),
    key: repository,
  });
}

export const rule: Rule = {
  id: 'archived-action',
  title: 'An action that nobody maintains',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-1104'], cis: ['3.1.5'] },
  description:
    'Looks for actions whose repositories are archived. The list is part of the scanner; it needs no network.',
  why: 'A hole that is found in it, or in a library that it brings along, stays open; and when the platform retires what it is built on, it stops working on a day that you do not choose.',
  remedy:
    'Replace it by an action that is maintained, or by the command that it wraps; the runner has most of them.',
  references: [
    'https://docs.github.com/en/repositories/archiving-a-github-repository/archiving-repositories',
  ],
  aliases: ['zizmor/archived-uses'],

  step(step, context) {
    if (step.work.kind === 'action') check(step.work.text, step.work.reference, context);
  },
  job(job, context) {
    if (job.call !== undefined) check(job.call.text, job.call.reference, context);
  },
};
