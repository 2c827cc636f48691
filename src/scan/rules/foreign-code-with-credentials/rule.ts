import type { Persona, Severity } from '#findings/severity.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { JobSurface } from '#pipeline/surface.ts';
import type { Rule } from '../../rule.ts';
import {
  credentialsOf,
  describeCredentials,
  nameCredential,
  storedCredentialsOf,
} from '../../shared/surface-credentials.ts';
import {
  attackOf,
  confidenceOf,
  describeSetting,
  type Exposure,
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

const RELATED_MAX = 5;

/** A job that only waits, or only calls others, runs nothing of the pull request. */
function runsSomething({ job }: SurfaceJob): boolean {
  return job.steps.some(({ work }) => work.kind !== 'other') || job.container !== undefined;
}

/** The account that a cluster gives to every pod without one has no rights until somebody grants some. */
function isDefault(surface: JobSurface): boolean {
  return credentialsOf(surface).every(({ kind, name }) => kind === 'service-account' && name === 'default');
}

/** Every pod has one; which rights it was given stands in the cluster. */
function isAccount(surface: JobSurface): boolean {
  return credentialsOf(surface).every(({ kind }) => kind === 'service-account');
}

function judge(
  { surface }: SurfaceJob,
  { start }: Exposure,
  stores: boolean,
): { severity: Severity; persona: Persona } {
  // Somebody looks at the change first, and a setting that is off by default may have to be on.
  const waits = surface.approvals.length > 0;
  const open = start?.setting === undefined && !waits;
  if (!stores) {
    const given = isAccount(surface) ? 'pedantic' : 'regular';
    return { severity: 'medium', persona: open && !isDefault(surface) ? given : 'auditor' };
  }
  return { severity: 'high', persona: open ? 'regular' : 'pedantic' };
}

function toCandidate(at: SurfaceJob): Candidate | undefined {
  const { job, surface } = at;
  const exposure = exposureOf(surface, runsForeignCode);
  const { start, reach } = exposure;
  if (reach !== 'full' || start === undefined || !runsSomething(at)) return undefined;
  const { platform } = job.pipeline;
  const stored = describeCredentials(surface, platform);
  const [given] = credentialsOf(surface);
  // What every job has, where no fork is built unless somebody wants it, is how the platform is made.
  if (given === undefined || (stored === undefined && start.setting !== undefined)) return undefined;
  const held = stored ?? nameCredential(given, platform);
  const attack = attackOf(at, exposure);
  const place = placeOfJob(job);
  return {
    ...place,
    report: {
      ...judge(at, exposure, stored !== undefined),
      confidence: start.setting === undefined ? confidenceOf(exposure) : 'low',
      message: `${start.what.slice(0, 60)} runs its own code in the job ${nameJob(job)} with ${held}${describeSetting(exposure)}`,
      related: storedCredentialsOf(surface)
        .slice(0, RELATED_MAX)
        .map((each) => ({
          at: each.span,
          source: each.source,
          label: nameCredential(each, platform),
        })),
      ...(attack === undefined
        ? {}
        : { attack, path: [{ label: `${start.what} starts it, and its files are run`, ...place }] }),
      key: `${start.what} ${held}`,
    },
  };
}

function findJobs(repository: Repository): Candidate[] {
  return surfaceJobs(repository).flatMap((each) => toCandidate(each) ?? []);
}

export const rule: Rule = {
  id: 'foreign-code-with-credentials',
  title: 'Code of outsiders runs beside credentials',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-5'], cwe: ['CWE-829', 'CWE-269'], cis: ['2.3.3', '2.3.8'] },
  description:
    'Looks for jobs that run the files of pull requests from forks and hold secrets, connections to other systems, or the whole right of the project. Where a setting outside of the file decides whether forks get that far, only pedants and auditors see it.',
  why: 'A build runs what stands in the repository: scripts, tests, build files, hooks of packages. Whoever opens a pull request writes all of these, and so reads every credential of the job and sends it away, before anybody looked at the change.',
  remedy:
    'Take the credentials out of the job that builds pull requests. Put what needs them into a job of its own that runs for the protected branch only, and that takes no files from the other one.',
  references: [
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-04-Poisoned-Pipeline-Execution',
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/security/repos#forks',
    'https://circleci.com/docs/security-recommendations/',
  ],
  aliases: ['poutine/untrusted_checkout_exec', 'taudit/variable_group_in_pr_job'],

  repository(repository, context) {
    reportWorst(findJobs(repository), rule, context, { merge: true });
  },
};
