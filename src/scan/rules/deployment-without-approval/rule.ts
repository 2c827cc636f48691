import type { Platform } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Place, Start } from '#pipeline/surface.ts';
import type { Rule } from '../../rule.ts';
import { findDeployment } from '../../shared/deployments.ts';
import { findApproval, isProductionName } from '../../shared/surface-approvals.ts';
import { describeCredentials } from '../../shared/surface-credentials.ts';
import { nameJob, surfaceJobs, type SurfaceJob, surfacePlatforms } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';
import type { Verdict } from '../../shared/surface-values.ts';

/** Approvals and allowed branches of an environment stand in the settings of these, and not in the file. */
const APPROVES_ELSEWHERE: ReadonlySet<Platform> = new Set(['azure', 'bitbucket']);

interface Target extends Place {
  /** For the end of a sentence: `to production`, `with kubectl apply`. */
  readonly what: string;
  /** The platform knows the environment, and may guard it. */
  readonly named: boolean;
}

function findTarget({ job, surface }: SurfaceJob): Target | undefined {
  const { deploysTo } = surface;
  if (deploysTo !== undefined) {
    const { environment, source, span } = deploysTo;
    if (!isProductionName(environment)) return undefined;
    return { source, span, what: `to ${environment.slice(0, 50)}`, named: true };
  }
  if (describeCredentials(surface, job.pipeline.platform) === undefined) return undefined;
  const found = findDeployment(job);
  if (found === undefined) return undefined;
  return { source: found.text.source, span: found.span, what: `with \`${found.what}\``, named: false };
}

/** A way in that needs no more than a branch, or a pull request. */
function findUnguarded(starts: readonly Start[]): Start | undefined {
  const open = starts.filter(
    ({ production, code, actor }) =>
      !production && actor !== 'schedule' && actor !== 'internal' && code !== 'base',
  );
  // What the file alone opens says more than what a setting may open.
  return open.find(({ setting }) => setting === undefined) ?? open[0];
}

function judge({ named }: Target, unguarded: Start | undefined, platform: Platform): Verdict {
  const elsewhere = named && APPROVES_ELSEWHERE.has(platform);
  if (unguarded === undefined) {
    return { severity: 'low', confidence: 'medium', persona: elsewhere ? 'auditor' : 'pedantic' };
  }
  const sure = named && !elsewhere && unguarded.setting === undefined;
  return {
    severity: 'medium',
    confidence: elsewhere ? 'low' : 'medium',
    persona: sure ? 'regular' : 'pedantic',
  };
}

function toCandidate(at: SurfaceJob): Candidate | undefined {
  const { job, surface } = at;
  const target = findTarget(at);
  if (target === undefined || surface.starts.length === 0 || findApproval(job) !== undefined)
    return undefined;
  const unguarded = findUnguarded(surface.starts);
  const [first] = surface.starts;
  const started = (unguarded ?? first)?.what ?? 'whatever starts it';
  return {
    source: target.source,
    span: target.span,
    report: {
      ...judge(target, unguarded, job.pipeline.platform),
      message: `${nameJob(job)} deploys ${target.what} after ${started.slice(0, 60)}, and nobody has to agree`,
      key: `${job.id} ${target.what}`,
    },
  };
}

function findDeployments(repository: Repository): Candidate[] {
  return surfaceJobs(repository).flatMap((each) => toCandidate(each) ?? []);
}

export const rule: Rule = {
  id: 'deployment-without-approval',
  title: 'A deployment to production that nobody has to agree to',
  severity: 'medium',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-1', 'CICD-SEC-5'], cwe: ['CWE-862', 'CWE-841'], cis: ['5.2.2'] },
  description:
    'Looks for jobs that deploy to an environment named like production, or with a credential of their own, and for which no person is asked before. Everybody sees those that any branch or pull request starts.',
  why: 'Whoever may push, or has taken the account of somebody who may, brings code to the customers alone: there is no second person between one stolen password and production.',
  remedy:
    'Let the run wait before this job (`type: approval`, `trigger: manual`, `input`, `suspend`, an environment with approvals), and start it for the protected branch or for tags only.',
  references: [
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-01-Insufficient-Flow-Control-Mechanisms',
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/process/approvals',
    'https://circleci.com/docs/workflows/#holding-a-workflow-for-a-manual-approval',
  ],
  aliases: ['taudit/prod_deploy_job_no_environment_gate'],

  repository(repository, context) {
    reportWorst(findDeployments(repository), rule, context);
  },
};
