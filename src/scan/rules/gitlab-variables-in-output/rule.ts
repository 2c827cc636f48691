import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Report, Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs, hasAuthority } from '../../shared/gitlab-configurations.ts';
import { findLeaks, type Leak } from './find-leaks.ts';

function judge({ kind, name }: Leak, job: GitlabJob): Omit<Report, 'at'> {
  const id = job.id.slice(0, 50);
  const shown = name.slice(0, 60);
  switch (kind) {
    case 'all-in-artifact':
      return { message: `"${id}" writes all its variables to ${shown}, which is kept as an artifact` };
    case 'one-in-artifact':
      return { message: `"${id}" writes $${shown} into a file that is kept as an artifact` };
    case 'one-encoded':
      return { message: `"${id}" prints $${shown} in another form, which GitLab does not mask` };
    case 'one-in-log':
      return {
        message: `"${id}" prints $${shown} into its log`,
        severity: 'medium',
        confidence: 'medium',
      };
    case 'all-in-log':
      break;
  }
  const trusted = hasAuthority(job);
  return {
    message: `"${id}" prints all its variables into its log`,
    severity: trusted ? 'medium' : 'low',
    confidence: 'medium',
    persona: trusted ? 'regular' : 'pedantic',
  };
}

export const rule: Rule = {
  id: 'gitlab-variables-in-output',
  title: 'Values of variables get into logs or artifacts',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-10'], cwe: ['CWE-532', 'CWE-200'], cis: ['2.3.8', '2.4.2'] },
  description:
    'Looks for `env`, `printenv` and `export -p` whose output goes to the log or into an artifact, and for variables with the name of a secret that are printed or written to a file which an artifact takes along.',
  why: 'Whoever can see the job reads its log and downloads its artifacts; in a public project with public pipelines that is everybody. GitLab masks only variables that are marked so, only in logs, and not when the value was changed on the way.',
  remedy:
    'Print the names that you need, `echo "$CI_COMMIT_SHA"`. Keep files with secrets outside of the paths of `artifacts:`, and give those `access: maintainer`.',
  references: [
    'https://docs.gitlab.com/ci/variables/#mask-a-cicd-variable',
    'https://docs.gitlab.com/ci/yaml/#artifactsaccess',
  ],
  aliases: ['checkov/CKV_GITLABCI_1'],

  repository(repository, context) {
    const found = gitlabJobs(repository).flatMap((job) =>
      findLeaks(job).map((leak) => ({ leak, job, source: leak.text.source, span: leak.at })),
    );
    // Lines that several jobs share are judged by the one that has most to lose.
    const ordered = found.toSorted(
      (left, right) => Number(hasAuthority(right.job)) - Number(hasAuthority(left.job)),
    );
    for (const { leak, job, source, span } of distinctPlaces(ordered, (each) => each)) {
      context.reportIn(source, { at: span, ...judge(leak, job), key: `${leak.kind} ${leak.name}` });
    }
  },
};
