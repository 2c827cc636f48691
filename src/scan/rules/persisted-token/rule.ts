import type { Repository } from '#pipeline/repository.ts';
import type { ImportUse } from '#pipeline/surface.ts';
import type { Rule } from '../../rule.ts';
import { exposureOf, runsForeignCode } from '../../shared/surface-exposure.ts';
import { nameJob, surfaceJobs, type SurfaceJob, surfacePlatforms } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

/** What others wrote, and runs inside of this job. */
function findGuest({ job }: SurfaceJob): ImportUse | undefined {
  return job.pipeline.surface?.imports.find(
    ({ origin, source, span }) =>
      origin === 'third-party' &&
      source === job.pipeline.source &&
      span.start >= job.node.start &&
      span.end <= job.node.end,
  );
}

function toCandidate(at: SurfaceJob): Candidate | undefined {
  const { job, surface } = at;
  const { persistedToken } = surface;
  if (persistedToken === undefined) return undefined;
  const { reach, start } = exposureOf(surface, runsForeignCode);
  const open = (reach === 'full' || reach === 'bare') && start !== undefined;
  const guest = findGuest(at);
  const sure = open && start.setting === undefined;
  const reader = open
    ? `the code of ${start.what.slice(0, 50)}`
    : guest === undefined
      ? 'whatever runs there later'
      : guest.name.slice(0, 50);
  return {
    ...persistedToken,
    report: {
      severity: open ? 'medium' : 'low',
      confidence: open && !sure ? 'low' : 'medium',
      persona: sure || guest !== undefined ? 'regular' : 'pedantic',
      message: `the token of the pipeline stays in the working copy of ${nameJob(job)}, for ${reader}`,
      related: guest === undefined ? [] : [{ at: guest.span, source: guest.source, label: 'runs beside it' }],
      key: job.id,
    },
  };
}

function findTokens(repository: Repository): Candidate[] {
  return surfaceJobs(repository).flatMap((each) => toCandidate(each) ?? []);
}

export const rule: Rule = {
  id: 'persisted-token',
  title: 'The token of the pipeline is left in the working copy',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-5'], cwe: ['CWE-522', 'CWE-668'], cis: ['2.3.8'] },
  description:
    'Looks for checkouts that write the token of the platform into `.git/config`. Everybody sees those with code of outsiders or of third parties in the same job.',
  why: 'Every later step reads the token from a file that is in nobody’s mind: a test, a task of somebody else, an artifact of the whole folder, an image that is built from it. It may push, or read the other repositories of the project.',
  remedy:
    'Take `persistCredentials: true` away, and hand the token to the one command that needs it: `git -c http.extraHeader="Authorization: Bearer $SYSTEM_ACCESSTOKEN" push`, with the variable in the `env:` of that step.',
  references: [
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/steps-checkout',
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/process/access-tokens',
  ],
  aliases: ['taudit/persisted_credential'],

  repository(repository, context) {
    reportWorst(findTokens(repository), rule, context);
  },
};
