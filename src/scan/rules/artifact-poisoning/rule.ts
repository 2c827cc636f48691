import { evaluateGuard } from '#pipeline/guard.ts';
import type { Severity } from '#findings/severity.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { describeAuthority, openTriggers, outsiderIn } from '../../shared/job-authority.ts';
import { type Consequence, findConsequence } from './consequences.ts';
import { type Download, findDownload } from './downloads.ts';

function judge(download: Download, consequence: Consequence | undefined): Severity {
  if (consequence === undefined) return 'medium';
  const rights = describeAuthority(download.step.job) !== undefined;
  return rights && consequence.certain ? 'critical' : 'high';
}

function report(download: Download, context: RuleContext): void {
  const { step, folder, span } = download;
  const consequence = findConsequence(download);
  const overwrites =
    folder === '' &&
    step.job.steps
      .slice(0, step.index)
      .some(({ work }) => work.kind === 'action' && work.reference.repository === 'actions/checkout');
  if (consequence === undefined && !overwrites) return;
  const { source, triggers } = step.job.pipeline;
  const trigger = triggers.find(({ event }) => event === 'workflow_run');
  context.report({
    at: span,
    message:
      consequence === undefined
        ? 'files that a pull request’s run uploaded are unpacked over the checkout, and can overwrite it'
        : 'files that a pull request’s run uploaded come here, and a later step runs something of them',
    severity: judge(download, consequence),
    confidence: consequence?.certain === true ? 'high' : 'medium',
    persona: consequence === undefined ? 'pedantic' : 'regular',
    path: [
      ...(trigger === undefined
        ? []
        : [{ label: 'workflow_run: follows runs that anybody can cause', source, span: trigger.node }]),
      { label: 'files of that run come in', source, span },
      ...(consequence === undefined ? [] : [{ label: consequence.what, source, span: consequence.span }]),
    ],
    key: source.slice(span),
  });
}

export const rule: Rule = {
  id: 'artifact-poisoning',
  title: 'Files of an untrusted run are trusted',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-9'], cwe: ['CWE-829', 'CWE-345'], cis: ['2.4.2'] },
  description:
    'Looks for workflows on workflow_run that download artifacts of the run they follow, and then run something of them, or unpack them over the checkout.',
  why: 'The run of a pull request decides what is in its artifacts, names and paths of files included. A script or a build file in them then works with the rights of this run.',
  remedy:
    'Unpack artifacts into a folder of their own, `path: ${{ runner.temp }}/artifact`, run nothing of them, and check each value against what it may be before it goes into `$GITHUB_ENV` or `$GITHUB_OUTPUT`.',
  references: [
    'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
    'https://docs.github.com/en/actions/reference/security/secure-use',
  ],
  aliases: [
    'codeql/actions/artifact-poisoning/critical',
    'codeql/actions/artifact-poisoning/medium',
    'codeql/actions/artifact-poisoning/path-traversal',
    'sisakulint/artifact-poisoning-critical',
    'octoscan/dangerous-artefact',
  ],

  step(step, context) {
    if (step.job.pipeline.kind !== 'workflow') return;
    const download = findDownload(step);
    if (download === undefined) return;
    const open = openTriggers(step.job, context).some(
      ({ event }) =>
        event === 'workflow_run' && evaluateGuard(step.guard, outsiderIn(event, context)) !== 'false',
    );
    if (open) report(download, context);
  },
};
