import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { RepositoryContext, Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

const NAMES =
  /(?:^|[-_:. ])(?:sast|dast|secret[-_ ]detection|dependency[-_ ]scan(?:ning)?|container[-_ ]scan(?:ning)?|gitleaks|trufflehog|trivy|grype|snyk|semgrep|checkov|codeql)(?:$|[-_:. ])/i;
const COMMANDS =
  /(?:^|[\s;&|])(?:gitleaks|trufflehog|trivy|grype|snyk|semgrep|checkov|bandit|osv-scanner|pip-audit|govulncheck)\s/;

function isSecurityJob(job: GitlabJob): boolean {
  if (NAMES.test(job.id)) return true;
  return job.steps.some(({ work }) => work.kind === 'script' && COMMANDS.test(work.text.value));
}

/** `when: manual` of the job itself: the pipeline is green before anybody started it. */
function reportManual(jobs: readonly GitlabJob[], context: RepositoryContext): void {
  const open = jobs.filter(
    (job) =>
      !job.hidden && job.when === 'manual' && job.failureAllowed === undefined && job.rules.kind !== 'rules',
  );
  for (const job of distinctPlaces(open, ({ place }) => place)) {
    context.reportIn(job.place.source, {
      at: job.place.span,
      message: `the security check "${job.id.slice(0, 80)}" waits for somebody to start it, and nothing waits for it`,
      remedy: 'Remove `when: manual`, or add `allow_failure: false`, so that the pipeline waits.',
      key: `manual ${job.id}`,
    });
  }
}

export const rule: Rule = {
  id: 'gitlab-skippable-security-job',
  title: 'A security check may fail and nothing stops',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['gitlab'],
  area: 'security-testing',
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-693'], cis: ['2.3.4'] },
  description:
    'Looks for jobs that scan for secrets, flaws or known vulnerabilities with `allow_failure: true`, or that wait for somebody to start them.',
  why: 'The pipeline is green whatever the scan found, or when it did not run at all. A merge request that brings the flaw in looks like any other.',
  remedy:
    'Remove `allow_failure: true`, or let only the code pass that means “nothing new”: `allow_failure: { exit_codes: [137] }`.',
  references: ['https://docs.gitlab.com/ci/yaml/#allow_failure'],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository)
      .filter(isSecurityJob)
      .flatMap((job) => (job.allowFailure === undefined ? [] : [{ ...job.allowFailure, job }]));
    reportManual(gitlabJobs(repository).filter(isSecurityJob), context);
    for (const { job, source, span } of distinctPlaces(found, (each) => each)) {
      context.reportIn(source, {
        at: span,
        message: `the security check "${job.id}" may fail without a consequence`.slice(0, 190),
        key: job.id,
      });
    }
  },
};
