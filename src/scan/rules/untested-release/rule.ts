import type { Repository } from '#pipeline/repository.ts';
import type { Rule } from '../../rule.ts';
import { findDeployment } from '../../shared/deployments.ts';
import { nameJob, surfaceJobs, type SurfaceJob, surfacePlatforms } from '../../shared/surface-jobs.ts';
import { type Release, releasesOf, testsSecurity } from '../../shared/surface-releases.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

function outcomesOf(at: SurfaceJob): readonly Release[] {
  const deployment = findDeployment(at.job);
  const deployed =
    deployment === undefined
      ? []
      : [{ source: deployment.text.source, span: deployment.span, what: deployment.what }];
  return [...releasesOf(at), ...deployed];
}

/** One finding a repository, at the first thing that leaves it. */
function findUntested(repository: Repository): Candidate[] {
  const jobs = surfaceJobs(repository);
  if (jobs.length === 0 || repository.files.some(({ source }) => testsSecurity(source.text))) return [];
  for (const at of jobs) {
    const [first] = outcomesOf(at);
    if (first === undefined) continue;
    const { source, span, what } = first;
    const message = `${nameJob(at.job)} hands over what was built (\`${what}\`), and no pipeline here looks for weaknesses in it`;
    return [{ source, span, report: { message, key: what } }];
  }
  return [];
}

export const rule: Rule = {
  id: 'untested-release',
  title: 'What is released was never looked at for weaknesses',
  severity: 'info',
  confidence: 'low',
  persona: 'auditor',
  platforms: surfacePlatforms,
  area: 'security-testing',
  standards: {
    cicdSec: ['CICD-SEC-1', 'CICD-SEC-9'],
    cwe: ['CWE-1127', 'CWE-1395'],
    cis: ['3.2.2', '4.1.3'],
  },
  description:
    'Looks for repositories whose pipelines publish or deploy, and of which no definition names a test of code, packages, images, secrets or infrastructure. Tests that run elsewhere cannot be seen.',
  why: 'A known hole in a package, a secret in the code or an open port in a template reaches the customers, since nothing between the commit and the release looks for it.',
  remedy:
    'Run at least a test of the packages and one for secrets before the release, and let a finding stop it: `osv-scanner scan source .`, `gitleaks git .`.',
  references: [
    'https://owasp.org/www-project-devsecops-guideline/',
    'https://github.com/ossf/scorecard/blob/main/docs/checks.md#sast',
  ],
  aliases: ['scorecard/SAST'],

  repository(repository, context) {
    reportWorst(findUntested(repository), rule, context);
  },
};
