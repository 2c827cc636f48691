import type { Rule } from '../../rule.ts';
import { gitlabJobs, hasAuthority } from '../../shared/gitlab-configurations.ts';

export const rule: Rule = {
  id: 'gitlab-unpinned-image',
  title: 'A job runs in an image that can change',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-829'], cis: ['2.1.1', '3.1.1'] },
  description:
    'Looks for `image:` and `services:` without a tag, at `latest` or at a tag instead of a digest. Worse in jobs with identity tokens, secrets or an environment.',
  why: 'The image decides which programs the script calls. Whoever can push to its tag runs code in every job that names it, with the variables and the token of the job.',
  remedy:
    'Name the digest beside the tag: `image: alpine:3.22@sha256:<64 hex>`; Renovate keeps it up to date.',
  references: [
    'https://docs.gitlab.com/ci/yaml/#image',
    'https://docs.gitlab.com/ci/docker/using_docker_images/',
  ],
  aliases: [],

  repository(repository, context) {
    const jobs = gitlabJobs(repository);
    // Shared images are judged by the job that trusts them with most.
    const ordered = [...jobs.filter(hasAuthority), ...jobs.filter((job) => !hasAuthority(job))];
    const seen = new Set<string>();
    for (const job of ordered) {
      for (const { text, reference } of job.images) {
        const place = `${text.node.start} ${text.source.file}`;
        if (seen.has(place)) continue;
        seen.add(place);
        if (reference?.pin !== 'none' && reference?.pin !== 'tag') continue;
        const floats = reference.pin === 'none';
        const what = floats ? 'whatever is newest' : 'a tag that can be moved';
        context.reportIn(text.source, {
          at: text.node,
          message: `"${job.id}" runs in ${text.value}: ${what}`.slice(0, 190),
          severity: floats && hasAuthority(job) ? 'medium' : 'low',
          persona: floats ? (hasAuthority(job) ? 'regular' : 'pedantic') : 'auditor',
          key: text.value,
        });
      }
    }
  },
};
