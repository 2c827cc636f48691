import type { GitlabJob, Need } from '#pipeline/gitlab/model.ts';
import { pinOfRef } from '#pipeline/gitlab/references.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs, hasAuthority } from '../../shared/gitlab-configurations.ts';

function isOwn({ project }: Need): boolean {
  return project === undefined || /^\$\{?CI_PROJECT_PATH\}?$/.test(project.value);
}

function describe({ id }: GitlabJob, { job, project, ref }: Need): string {
  const from = `${project?.value.slice(0, 60) ?? ''}@${ref?.value.slice(0, 40) ?? ''}`;
  return `"${id.slice(0, 40)}" takes the files of "${job.slice(0, 40)}" in ${from} as they are at that moment`;
}

export const rule: Rule = {
  id: 'gitlab-foreign-artifact',
  title: 'A job takes files of another project unchecked',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-3', 'CICD-SEC-9'], cwe: ['CWE-345', 'CWE-494'], cis: ['2.4.6'] },
  description:
    'Looks for `needs:project`, which brings in the newest artifacts of a branch of another project. Worse in jobs with identity tokens, secrets or an environment.',
  why: 'Whoever may push to that branch, or run that job, chooses the files that this job works with; nothing compares them with what somebody looked at.',
  remedy:
    'Publish a release of them in the package registry, and take it by version and hash: `sha256sum --check`, or verify its attestation.',
  references: ['https://docs.gitlab.com/ci/yaml/#needsproject'],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository).flatMap((job) =>
      job.needed
        .filter((need) => !isOwn(need) && need.artifacts && pinOfRef(need.ref?.value) !== 'commit')
        .map((need) => ({ ...need, by: job })),
    );
    for (const need of distinctPlaces(found, (each) => each)) {
      context.reportIn(need.source, {
        at: need.span,
        message: describe(need.by, need),
        severity: hasAuthority(need.by) ? 'medium' : 'low',
        key: `${need.project?.value ?? ''} ${need.job}`,
      });
    }
  },
};
