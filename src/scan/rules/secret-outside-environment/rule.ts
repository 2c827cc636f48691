import type { Rule } from '../../rule.ts';
import { isOnlyCalled, secretsOfJob } from '../../shared/secret-use.ts';

export const rule: Rule = {
  id: 'secret-outside-environment',
  title: 'A secret that any branch can take',
  severity: 'medium',
  confidence: 'low',
  persona: 'auditor',
  platforms: ['github'],
  needs: ['secrets'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-1'], cwe: ['CWE-522'], cis: ['2.3.8'] },
  description: 'Looks for jobs that read secrets and have no `environment:`.',
  why: 'A secret of the repository goes to any workflow on any branch: whoever can push a branch can add one that reads it. A secret of an environment goes only to branches that the environment lets in, and only after its reviewers agreed.',
  remedy:
    'Move the secret into an environment with branch rules, and name it in the job: `environment: production`. What opens a cloud or a registry need not be stored at all: `vouchgate inspect federation` writes what takes its place.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments',
  ],
  incident: {
    name: 'GhostAction',
    date: '2025-09',
    what: 'Stolen accounts pushed a new workflow into hundreds of repositories, which sent the secrets of each to the attacker.',
  },
  aliases: ['zizmor/secrets-outside-env'],

  job(job, context) {
    // What a called workflow gets is the caller's to guard, and a job that calls cannot name an environment.
    if (job.pipeline.kind !== 'workflow' || job.environment !== undefined || job.call !== undefined) return;
    if (isOnlyCalled(job.pipeline)) return;
    const names = [...new Set(secretsOfJob(job).flatMap(({ name }) => (name === '' ? [] : [name])))];
    const [first] = names;
    if (first === undefined) return;
    const others = names.length === 1 ? '' : ` and ${names.length - 1} more`;
    context.report({
      at: job.key,
      message: `the job ${job.id} reads ${first}${others} without an environment that could hold it back`,
      key: 'environment',
    });
  },
};
