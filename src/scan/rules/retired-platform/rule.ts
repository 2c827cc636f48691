import type { Job } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';
import { expressionText } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { formatVersion, isWithin, versionOf } from '../../shared/action-versions.ts';
import { retiredRunners, retiredRuntimes, retiredVersions } from './retired.ts';

/** Labels of a job, also those that come out of its matrix. */
function labelsOf(job: Job): Text[] {
  const labels = job.runner?.labels ?? [];
  const names = new Set(
    labels.flatMap(({ expressions }) =>
      expressions.flatMap((each) => /^matrix\.([\w.-]+)$/.exec(expressionText(each))?.[1] ?? []),
    ),
  );
  const values = job.matrix.flatMap(({ name, value }) =>
    value !== undefined && names.has(name) ? [value] : [],
  );
  return [...labels, ...values];
}

function isPast(date: string, { asOfMs }: RuleContext): boolean {
  return Date.parse(date) <= asOfMs;
}

export const rule: Rule = {
  id: 'retired-platform',
  title: 'Something that the platform has retired',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-477', 'CWE-1104'], cis: ['2.1.3'] },
  description:
    'Looks for labels of hosted runners that exist no more, runtimes of actions without security fixes, and versions of GitHub’s own actions whose service was switched off.',
  why: 'A job for a label that no hosted runner has waits until a runner takes it that somebody registered under that name. Old runtimes keep the holes that they have.',
  remedy: 'Go to a current runner image, `using: node24`, or the current version of the action.',
  references: [
    'https://docs.github.com/en/actions/reference/runners/github-hosted-runners',
    'https://github.com/actions/runner-images#available-images',
  ],
  aliases: ['actionlint/runner-label', 'octoscan/runner-label'],

  pipeline(pipeline, context) {
    const { runtime } = pipeline;
    const name = runtime?.value.toLowerCase() ?? '';
    if (runtime === undefined || !Object.hasOwn(retiredRuntimes, name)) return;
    const state = retiredRuntimes[name]?.find(({ date }) => isPast(date, context));
    if (state === undefined) return;
    context.report({
      at: runtime.node,
      message: `the action runs on ${name}: ${state.what}`,
      severity: 'info',
      remedy: 'Write `using: node24`, and test the action with it.',
    });
  },
  job(job, context) {
    for (const label of labelsOf(job)) {
      const name = label.value.toLowerCase();
      if (job.runner?.hosting === 'self-hosted' || !Object.hasOwn(retiredRunners, name)) continue;
      const date = retiredRunners[name];
      if (date === undefined || !isPast(date, context)) continue;
      context.report({
        at: label.node,
        message: `hosted runners with the label ${name} exist no more since ${date}`,
        key: `${job.id} ${name}`,
      });
    }
  },
  step({ work }, context) {
    if (work.kind !== 'action') return;
    const about = retiredVersions.filter(({ repository }) => repository === work.reference.repository);
    const version = about.length === 0 ? undefined : versionOf(work.text, work.reference);
    if (version === undefined) return;
    const retired = about.find((each) => isWithin(version, each));
    if (retired === undefined || !isPast(retired.date, context)) return;
    context.report({
      at: work.text.node,
      message: `${work.reference.repository} ${formatVersion(version)} talks to a service that was switched off on ${retired.date}`,
      key: `${work.reference.repository} ${formatVersion(version)}`,
    });
  },
};
