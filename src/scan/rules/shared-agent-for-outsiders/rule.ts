import type { Repository } from '#pipeline/repository.ts';
import type { Rule } from '../../rule.ts';
import {
  attackOf,
  confidenceOf,
  describeSetting,
  exposureOf,
  runsForeignCode,
} from '../../shared/surface-exposure.ts';
import {
  nameJob,
  placeOfJob,
  surfaceJobs,
  type SurfaceJob,
  surfacePlatforms,
} from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

function toCandidate(at: SurfaceJob): Candidate | undefined {
  const { job } = at;
  const { runner } = job;
  if (runner?.hosting !== 'self-hosted') return undefined;
  const exposure = exposureOf(at.surface, runsForeignCode);
  const { reach, start } = exposure;
  if (start === undefined || (reach !== 'full' && reach !== 'bare')) return undefined;
  const attack = attackOf(at, exposure);
  const label = (runner.group ?? runner.labels[0])?.value.slice(0, 40);
  const sure = start.setting === undefined;
  const place = { source: job.pipeline.source, span: runner.node };
  return {
    ...place,
    report: {
      severity: sure ? 'high' : 'medium',
      confidence: sure ? confidenceOf(exposure) : 'low',
      persona: sure ? 'regular' : 'pedantic',
      message: `${start.what.slice(0, 60)} runs its code on a machine of your own${label === undefined ? '' : ` (${label})`} in ${nameJob(job)}${describeSetting(exposure)}`,
      ...(attack === undefined
        ? {}
        : {
            attack: { ...attack, reaches: ['the machine and its network', ...attack.reaches] },
            path: [
              { label: `${start.what} starts it`, ...placeOfJob(job) },
              { label: 'its files are run on this machine', ...place },
            ],
          }),
      key: `${start.what} ${label ?? ''}`,
    },
  };
}

function findJobs(repository: Repository): Candidate[] {
  return surfaceJobs(repository).flatMap((each) => toCandidate(each) ?? []);
}

export const rule: Rule = {
  id: 'shared-agent-for-outsiders',
  title: 'Code of outsiders runs on your own machine',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-7', 'CICD-SEC-4'], cwe: ['CWE-829', 'CWE-653'], cis: ['2.1.3', '2.1.5'] },
  description:
    'Looks for jobs on agents of your own (pools, runners, labels) that pull requests from forks can start. Where a setting outside of the file decides whether forks are built, only pedants and auditors see it.',
  why: 'An agent of your own lives on after the job, inside of your network. What a pull request leaves there, a process, a changed tool, a file in the cache, sees the next job and its credentials, and the addresses that only this machine reaches.',
  remedy:
    'Build pull requests on machines of the platform, or on agents that are made for one job and thrown away, in a network of their own; keep the lasting agents for protected branches.',
  references: [
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/security/misc#shared-infrastructure',
    'https://circleci.com/docs/runner-overview/',
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-07-Insecure-System-Configuration',
  ],
  aliases: ['taudit/self_hosted_pool_pr_hijack', 'poutine/pr_runs_on_self_hosted'],

  repository(repository, context) {
    reportWorst(findJobs(repository), rule, context, { merge: true });
  },
};
