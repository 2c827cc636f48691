import type { Configuration } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { asScalar, findEntry, findValue, itemsOf } from '#pipeline/yaml/access.ts';
import type { Rule } from '../../rule.ts';

function configurationsOf(repository: Repository): Configuration[] {
  return repository.files.flatMap(({ definitions }) =>
    definitions.flatMap((each) => (each.kind === 'configuration' ? [each.configuration] : [])),
  );
}

function coversActions({ node }: Configuration): boolean {
  return itemsOf(findValue(node, 'updates')).some(
    (update) => asScalar(findValue(update, 'package-ecosystem'))?.value === 'github-actions',
  );
}

/** Actions of other repositories that the pipelines here use. */
function countActions(repository: Repository): number {
  const names = repository.pipelines.flatMap(({ jobs }) =>
    jobs.flatMap(({ call, steps }) => [
      ...(call?.reference.kind === 'repository' ? [call.reference.repository] : []),
      ...steps.flatMap(({ work }) =>
        work.kind === 'action' && work.reference.kind === 'repository' ? [work.reference.repository] : [],
      ),
    ]),
  );
  return new Set(names).size;
}

export const rule: Rule = {
  id: 'dependabot-without-actions',
  title: 'Dependabot leaves the actions out',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-1104'], cis: ['3.1.5', '3.1.7'] },
  description:
    'Looks for repositories that have Dependabot and workflows with actions, and no update for the ecosystem `github-actions`.',
  why: 'An action that is pinned to a commit stays there until somebody moves it, and nobody hears of the holes that were closed since.',
  remedy:
    'Add an update: `package-ecosystem: github-actions`, `directory: /`, a `schedule`, and a `cooldown`.',
  references: [
    'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/keeping-your-actions-up-to-date-with-dependabot',
  ],
  aliases: ['scorecard/Dependency-Update-Tool', 'secure-repo/dependabot'],

  repository(repository, context) {
    const configurations = configurationsOf(repository);
    const [first] = configurations;
    if (first === undefined || configurations.some(coversActions)) return;
    const entry = findEntry(first.node, 'updates');
    const count = countActions(repository);
    if (entry === undefined || count === 0) return;
    context.reportIn(first.source, {
      at: entry.key,
      message: `nothing here updates the ${count === 1 ? 'action' : `${count} actions`} that the workflows use`,
      key: 'github-actions',
    });
  },
};
