import { type Assumption, evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Job, Step, Variable } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Trigger } from '#pipeline/trigger.ts';
import type { Rule } from '../../rule.ts';
import { type Execution, findExecution } from '../../shared/foreign-code.ts';

/** A pull request of whatever branch: all that is known is the event, and what happened to it. */
function assumePullRequest({ event, activities }: Trigger): Assumption {
  return (path) => {
    if (path === 'github.event_name') return { oneOf: [event] };
    return path === 'github.event.action' && activities !== undefined ? { oneOf: activities } : undefined;
  };
}

const PUBLISHING_SCOPES = ['id-token', 'packages', 'contents', 'deployments'];

function secretIn(variables: readonly Variable[]): string | undefined {
  for (const { value } of variables) {
    const name = /\$\{\{[^}]*\bsecrets\.(\w+)/.exec(value?.value ?? '')?.[1];
    if (name !== undefined && name.toUpperCase() !== 'GITHUB_TOKEN') return name;
  }
  return undefined;
}

/** What the program of a step can take: what is in its environment, and the job’s identity. */
function authorityOf(step: Step): string | undefined {
  const { job } = step;
  const scope = PUBLISHING_SCOPES.find((name) => effectivePermissions(job).access(name) === 'write');
  if (scope === 'id-token') return 'an identity token';
  const secret = secretIn([...step.env, ...job.env, ...job.pipeline.env]);
  if (secret !== undefined) return secret;
  return scope === undefined ? undefined : `a token with ${scope}: write`;
}

interface Build {
  readonly execution: Execution;
  readonly authority: string;
}

function findBuild(job: Job, assume: Assumption): Build | undefined {
  for (const step of job.steps) {
    if (step.work.kind !== 'script' || evaluateGuard(step.guard, assume) === 'false') continue;
    const execution = findExecution(step);
    const authority = execution === undefined ? undefined : authorityOf(step);
    if (execution !== undefined && authority !== undefined) return { execution, authority };
  }
  return undefined;
}

export const rule: Rule = {
  id: 'manifest-as-code',
  title: 'A pull request’s build files run next to credentials',
  severity: 'low',
  confidence: 'medium',
  persona: 'auditor',
  platforms: ['github'],
  needs: ['pull_request'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-3'], cwe: ['CWE-829', 'CWE-506'], cis: ['2.3.1', '3.1.1'] },
  description:
    'Looks for jobs on pull_request that run build files (package.json, Makefile, build.rs and the like) while a secret, an identity token or a token that can write is in reach. Forks have none of these; branches of the repository do.',
  why: 'Installing and building runs what the manifests and the dependencies in them say. An updated dependency with an install script, in a pull request of a bot, gets the credentials before anybody has looked at it.',
  remedy:
    'Build in a job without credentials and hand the result on as an artifact, or give the secret only to the step that uses it; put jobs that publish into an environment.',
  references: [
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-04-Poisoned-Pipeline-Execution',
  ],
  aliases: ['taudit/manifest_as_code'],

  job(job, context) {
    const trigger = job.pipeline.triggers.find(({ event }) => event === 'pull_request');
    if (trigger === undefined || job.environment !== undefined) return;
    const assume = assumePullRequest(trigger);
    if (evaluateJob(job, assume) === 'false') return;
    const build = findBuild(job, assume);
    if (build === undefined) return;
    context.report({
      at: build.execution.span,
      message: `in the job ${job.id} a pull request’s own files run (it ${build.execution.what}), with ${build.authority} in reach`,
      related: [{ at: trigger.node, label: 'branches of the repository run with its rights' }],
    });
  },
};
