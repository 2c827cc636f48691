import { findEntry } from '#pipeline/yaml/access.ts';
import type { Rule } from '../../rule.ts';
import { findDeployment } from '../../shared/deployments.ts';

export const rule: Rule = {
  id: 'overlapping-deployments',
  title: 'Two deployments can run at once',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-362'], cis: [] },
  description: 'Looks for jobs that deploy when neither they nor their workflow have `concurrency`.',
  why: 'Two pushes shortly after each other start two runs, and the older one can be the last to finish: what was just mended is gone again, and state that both write is neither of the two.',
  remedy: 'Add `concurrency: { group: deploy-production, cancel-in-progress: false }` to the job.',
  references: [
    'https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency',
  ],
  aliases: ['zizmor/concurrency-limits'],

  job(job, context) {
    const { pipeline } = job;
    if (pipeline.kind !== 'workflow') return;
    if (findEntry(pipeline.node, 'concurrency') !== undefined) return;
    if (findEntry(job.node, 'concurrency') !== undefined) return;
    if (pipeline.triggers.every(({ event }) => event === 'workflow_call' || event === 'pull_request')) return;
    const deployment = findDeployment(job);
    if (deployment === undefined) return;
    context.report({
      at: deployment.span,
      message: `runs of the job ${job.id} can overtake each other while they deploy (${deployment.what})`,
    });
  },
};
