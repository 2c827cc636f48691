import type { Job, Pipeline } from '#pipeline/model.ts';
import { asMapping, findEntry, findValue } from '#pipeline/yaml/access.ts';
import type { MappingNode } from '#pipeline/yaml/node.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findDeployment } from '../../shared/deployments.ts';
import { reportInGitlab } from './gitlab.ts';

/** A caller decides for the workflows that it calls. */
function isOnlyCalled({ triggers }: Pipeline): boolean {
  return triggers.every(({ event }) => event === 'workflow_call');
}

function isLimited(node: MappingNode): boolean {
  return findEntry(node, 'concurrency') !== undefined;
}

/** A group without `cancel-in-progress` makes runs wait for each other; each of them still runs. */
function reportQueue(node: MappingNode, context: RuleContext): void {
  const concurrency = findEntry(node, 'concurrency');
  if (concurrency === undefined) return;
  if (findValue(asMapping(concurrency.value), 'cancel-in-progress') !== undefined) return;
  context.report({
    at: concurrency.key,
    message: 'nothing says whether a newer run ends those before it',
    explanation: 'An older run that nobody needs any more goes on, with everything that it may do.',
    remedy: 'Say it: `cancel-in-progress: true`, or `false` where a run that was stopped leaves a mess.',
    severity: 'info',
    confidence: 'low',
    persona: 'auditor',
    key: 'queue',
  });
}

/** Jobs that a finding names. */
const JOBS_SHOWN_MAX = 100;

function reportUnlimited(pipeline: Pipeline, jobs: readonly Job[], context: RuleContext): void {
  const trigger = pipeline.triggers[0]?.node;
  const at = findEntry(pipeline.node, 'on')?.key ?? trigger;
  if (at === undefined) return;
  context.report({
    at,
    message: 'nothing limits how many runs of this workflow go on at once',
    explanation:
      'Whoever can start it, can start it often: the machines are busy, and what runs share is written by several of them.',
    remedy:
      'Add `concurrency: { group: "${{ github.workflow }}-${{ github.ref }}", cancel-in-progress: true }` to the workflow.',
    severity: 'info',
    confidence: 'low',
    persona: 'auditor',
    related: jobs.slice(0, JOBS_SHOWN_MAX).map(({ id, key }) => ({ at: key, label: `the job ${id}` })),
    key: 'unlimited',
  });
}

export const rule: Rule = {
  id: 'overlapping-deployments',
  title: 'Two deployments can run at once',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github', 'gitlab'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-362'], cis: [] },
  description:
    'Looks for jobs that deploy when neither they nor their workflow have `concurrency`. Auditors see every workflow without it, and every group that does not say whether a newer run ends the older ones.',
  why: 'Two pushes shortly after each other start two runs, and the older one can be the last to finish: what was just mended is gone again, and state that both write is neither of the two.',
  remedy: 'Add `concurrency: { group: deploy-production, cancel-in-progress: false }` to the job.',
  references: [
    'https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency',
  ],
  aliases: ['zizmor/concurrency-limits'],

  pipeline(pipeline, context) {
    if (pipeline.platform !== 'github') return;
    if (pipeline.kind !== 'workflow' || isOnlyCalled(pipeline)) return;
    if (isLimited(pipeline.node)) {
      reportQueue(pipeline.node, context);
      return;
    }
    const open = pipeline.jobs.filter(({ node }) => !isLimited(node));
    if (open.length > 0) reportUnlimited(pipeline, open, context);
    for (const { node } of pipeline.jobs) reportQueue(node, context);
  },
  repository: reportInGitlab,
  job(job, context) {
    const { pipeline } = job;
    if (pipeline.platform !== 'github') return;
    if (pipeline.kind !== 'workflow' || isLimited(pipeline.node) || isLimited(job.node)) return;
    if (pipeline.triggers.every(({ event }) => event === 'workflow_call' || event === 'pull_request')) return;
    const deployment = findDeployment(job);
    if (deployment === undefined) return;
    context.report({
      at: deployment.span,
      message: `runs of the job ${job.id} can overtake each other while they deploy (${deployment.what})`,
    });
  },
};
