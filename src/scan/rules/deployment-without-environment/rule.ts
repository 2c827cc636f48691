import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Rule } from '../../rule.ts';
import { findDeployment, findSecret } from '../../shared/deployments.ts';
import { reportInGitlab } from './gitlab.ts';

export const rule: Rule = {
  id: 'deployment-without-environment',
  title: 'A deployment that nobody has to approve',
  severity: 'medium',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github', 'gitlab'],
  needs: ['secrets', 'id-token', 'write-all'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-1', 'CICD-SEC-5'], cwe: ['CWE-862'], cis: ['5.2.2'] },
  description:
    'Looks for jobs that deploy with a secret or an identity token of their own and name no `environment`.',
  why: 'Whoever can push a branch with a changed workflow, or start this one on another branch, deploys: an environment is where reviewers and allowed branches stand, and what keeps its secrets from other jobs.',
  remedy:
    'Add `environment: production` to the job, give that environment reviewers and allowed branches in the settings, and move the secrets there. With identity tokens, let the cloud ask for the environment in the subject.',
  references: [
    'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments',
  ],
  aliases: ['taudit/prod_deploy_job_no_environment_gate'],

  repository: reportInGitlab,
  job(job, context) {
    if (job.pipeline.platform !== 'github') return;
    if (job.pipeline.kind !== 'workflow' || job.environment !== undefined) return;
    // A workflow for others gets its environment where it is called, or cannot have one.
    if (job.pipeline.triggers.every(({ event }) => event === 'workflow_call' || event === 'pull_request'))
      return;
    const deployment = findDeployment(job);
    if (deployment === undefined) return;
    const secret = findSecret(job);
    const identity = effectivePermissions(job).access('id-token') === 'write';
    if (secret === undefined && !identity) return;
    const means = secret === undefined ? 'an identity token' : `the secret ${secret.slice(0, 60)}`;
    context.report({
      at: deployment.span,
      message: `the job ${job.id} deploys (${deployment.what}) with ${means} and names no environment`,
      related: [{ at: job.key, label: 'the job' }],
    });
  },
};
