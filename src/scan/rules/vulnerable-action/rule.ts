import type { ActionReference } from '#pipeline/reference.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { formatVersion, isWithin, versionOf } from '../../shared/action-versions.ts';
import { actionAdvisories } from './advisories.ts';

function check(text: Text, reference: ActionReference, context: RuleContext): void {
  const about = actionAdvisories.filter(({ repository }) => repository === reference.repository);
  const version = about.length === 0 ? undefined : versionOf(text, reference);
  for (const advisory of about) {
    const { below, id, severity, what, commits = [] } = advisory;
    const isKnownCommit = reference.ref !== undefined && commits.includes(reference.ref.toLowerCase());
    if (!isKnownCommit && (version === undefined || !isWithin(version, advisory))) continue;
    const named = version === undefined ? 'at this commit' : formatVersion(version);
    context.report({
      at: text.node,
      message: `${reference.repository} ${named} has a known hole: ${what} (${id})`,
      severity,
      // A comment says what somebody wrote, and the commit could be another one.
      confidence: reference.pin === 'commit' && !isKnownCommit ? 'medium' : 'high',
      remedy: `Go to version ${formatVersion(below)} or later; https://github.com/advisories/${id} says whether your use of it is open.`,
      key: `${reference.repository} ${id}`,
    });
  }
}

export const rule: Rule = {
  id: 'vulnerable-action',
  title: 'An action with a known hole',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-1395', 'CWE-937'], cis: ['3.1.5'] },
  description:
    'Looks for versions of actions that have a published vulnerability. The version is the tag, or the one in the comment behind a commit. The list is part of the scanner; it needs no network.',
  why: 'How to use the hole is public. Most of them let a branch name, a file name or a title of a pull request run as a command in the job.',
  remedy: 'Go to the version that the advisory names, and pin it to its full commit.',
  references: ['https://github.com/advisories?query=type%3Areviewed+ecosystem%3Aactions'],
  incident: {
    name: 'Ultralytics',
    date: '2024-12',
    what: 'A branch name that was a command went through the project’s own action into a release, which then mined cryptocurrency on the machines of its users.',
  },
  aliases: [
    'zizmor/known-vulnerable-actions',
    'poutine/known_vulnerability_in_build_component',
    'codeql/actions/vulnerable-action',
  ],

  step(step, context) {
    if (step.work.kind === 'action') check(step.work.text, step.work.reference, context);
  },
  job(job, context) {
    if (job.call !== undefined) check(job.call.text, job.call.reference, context);
  },
};
