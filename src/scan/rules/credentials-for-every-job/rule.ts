import type { Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { CredentialUse } from '#pipeline/surface.ts';
import type { Rule } from '../../rule.ts';
import { nameCredential } from '../../shared/surface-credentials.ts';
import { exposureOf, runsForeignCode } from '../../shared/surface-exposure.ts';
import {
  jobsOf,
  nameJob,
  type SurfaceJob,
  surfacePipelines,
  surfacePlatforms,
} from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

const JOBS_MIN = 2;

const STORED: ReadonlySet<CredentialUse['kind']> = new Set(['secret', 'secret-group', 'connection']);

/** Jobs whose text names the credential; a group’s name says nothing about what is in it. */
function usersOf(
  { kind, name, variable = name }: CredentialUse,
  jobs: readonly SurfaceJob[],
): readonly SurfaceJob[] | undefined {
  if (kind === 'secret-group' || name === '') return undefined;
  return jobs.filter(({ job }) => job.pipeline.source.slice(job.node).includes(variable));
}

function findOpenJob(jobs: readonly SurfaceJob[]): SurfaceJob | undefined {
  return jobs.find(({ surface }) => {
    const { reach, start } = exposureOf(surface, runsForeignCode);
    return reach === 'full' && start?.setting === undefined;
  });
}

function describeUsers(users: readonly SurfaceJob[]): string {
  const [user, ...more] = users;
  if (user === undefined) return '';
  return more.length === 0 ? `, and only ${nameJob(user.job)} uses it` : `, and only ${users.length} use it`;
}

function toCandidate(
  use: CredentialUse,
  pipeline: Pipeline,
  jobs: readonly SurfaceJob[],
): Candidate | undefined {
  const users = usersOf(use, jobs);
  // Named by nobody, it is read by a program that knows the name; by most, it stands where it belongs.
  if (users !== undefined && (users.length === 0 || users.length * 2 > jobs.length)) return undefined;
  const others = users === undefined ? jobs : jobs.filter((each) => !users.includes(each));
  const open = findOpenJob(others);
  const named = nameCredential(use, pipeline.platform);
  const whose = `each of the ${jobs.length} jobs has ${named}${describeUsers(users ?? [])}`;
  return {
    source: use.source,
    span: use.span,
    report: {
      severity: open === undefined ? 'low' : 'medium',
      persona: open === undefined ? 'pedantic' : 'regular',
      confidence: users === undefined ? 'low' : 'medium',
      message: `${whose}${open === undefined ? '' : `; ${nameJob(open.job)} runs code of outsiders`}`,
      key: `${use.kind} ${use.name}`,
    },
  };
}

function findCredentials(repository: Repository): Candidate[] {
  return surfacePipelines(repository).flatMap((pipeline) => {
    const jobs = jobsOf(pipeline).filter(({ job }) => job.steps.length > 0);
    if (jobs.length < JOBS_MIN) return [];
    const shared = jobs.flatMap(({ surface }) =>
      surface.credentials.filter(({ kind, scope }) => scope === 'pipeline' && STORED.has(kind)),
    );
    const distinct = new Map(shared.map((use) => [`${use.kind} ${use.name}`, use]));
    return [...distinct.values()].flatMap((use) => toCandidate(use, pipeline, jobs) ?? []);
  });
}

export const rule: Rule = {
  id: 'credentials-for-every-job',
  title: 'Every job gets a credential that few of them need',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-5', 'CICD-SEC-6'], cwe: ['CWE-250', 'CWE-272'], cis: ['2.3.8'] },
  description:
    'Looks for secrets, groups of secrets and connections that are given to a whole pipeline of several jobs, and that few of these name. Everybody sees it when one of the other jobs runs code of outsiders.',
  why: 'Each job runs code of its own: tests, builds, packages of others. A credential that all of them can read is lost as soon as one of them is, also in those that never needed it.',
  remedy:
    'Move it down to the job or the stage that uses it: `variables:` or `env` of that job, the `context` of that entry in the workflow, `withCredentials` around the one step.',
  references: [
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-05-Insufficient-PBAC',
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/library/variable-groups',
  ],
  aliases: ['poutine/job_all_secrets'],

  repository(repository, context) {
    reportWorst(findCredentials(repository), rule, context);
  },
};
