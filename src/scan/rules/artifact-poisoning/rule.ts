import { openEvents } from '#pipeline/github/events.ts';
import { evaluateGuard } from '#pipeline/guard.ts';
import type { Severity } from '#findings/severity.ts';
import { type Download, findDownload } from '#pipeline/github/taint/artifact-downloads.ts';
import { findSpoiledArtifact } from '#pipeline/github/taint/untrusted-files.ts';
import type { Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { describeAuthority, openTriggers, outsiderIn } from '../../shared/job-authority.ts';
import { type Consequence, findConsequence } from '../../shared/artifact-consequences.ts';

function judge(download: Download, consequence: Consequence | undefined): Severity {
  if (consequence === undefined) return 'medium';
  const rights = describeAuthority(download.step.job) !== undefined;
  return rights && consequence.certain ? 'critical' : 'high';
}

/** Files of another run, or of a job of this one, and whose they are in words. */
interface Delivery {
  readonly download: Download;
  readonly from: string;
}

function findDelivery(step: Step, repository: Repository): Delivery | undefined {
  const download = findDownload(step, repository);
  if (download !== undefined) return { download, from: 'that a pull request’s run uploaded' };
  const spoiled = findSpoiledArtifact(step);
  if (spoiled === undefined || step.work.kind !== 'action') return undefined;
  const span = step.work.text.node;
  return { download: { step, folder: spoiled.folder, span }, from: `of ${spoiled.what},` };
}

function report({ download, from }: Delivery, trigger: Trigger, context: RuleContext): void {
  const { step, folder, span } = download;
  const consequence = findConsequence(download);
  const overwrites =
    folder === '' &&
    step.job.steps
      .slice(0, step.index)
      .some(({ work }) => work.kind === 'action' && work.reference.repository === 'actions/checkout');
  if (consequence === undefined && !overwrites) return;
  const { source } = step.job.pipeline;
  context.report({
    at: span,
    message:
      consequence === undefined
        ? `files ${from} are unpacked over the checkout, and can overwrite it`
        : `files ${from} come here, and a later step runs something of them`,
    severity: judge(download, consequence),
    confidence: consequence?.certain === true ? 'high' : 'medium',
    persona: consequence === undefined ? 'pedantic' : 'regular',
    path: [
      { label: `${trigger.event}: starts with what anybody does`, source, span: trigger.node },
      { label: `files ${from} come in`.replace(',', ''), source, span },
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
  needs: openEvents,
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-9'], cwe: ['CWE-829', 'CWE-345'], cis: ['2.4.2'] },
  description:
    'Looks for workflows that outsiders start with full rights, and that download artifacts of another run, or of a job that ran code of the pull request, and then run something of them or unpack them over the checkout.',
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
    const delivery = findDelivery(step, context.repository);
    if (delivery === undefined) return;
    const trigger = openTriggers(step.job, context).find(
      ({ event }) => evaluateGuard(step.guard, outsiderIn(event, context)) !== 'false',
    );
    if (trigger !== undefined) report(delivery, trigger, context);
  },
};
