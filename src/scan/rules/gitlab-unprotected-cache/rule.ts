import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

export const rule: Rule = {
  id: 'gitlab-unprotected-cache',
  title: 'Protected branches take a cache that others write',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-9'], cwe: ['CWE-349', 'CWE-345'], cis: ['2.3.1'] },
  description: 'Looks for `cache: { unprotect: true }`, which gives protected and other branches one cache.',
  why: 'Whoever may push a branch puts files into the cache, and the next run on a protected branch takes them out: a changed dependency or tool then runs with protected variables.',
  remedy: 'Remove `unprotect: true`. GitLab then keeps a cache of its own for protected branches.',
  references: ['https://docs.gitlab.com/ci/yaml/#cacheunprotect', 'https://docs.gitlab.com/ci/caching/'],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository).flatMap((job) =>
      job.caches.flatMap(({ unprotected, policy }) =>
        unprotected === undefined ? [] : [{ ...unprotected, job, policy }],
      ),
    );
    for (const { job, policy, source, span } of distinctPlaces(found, (each) => each)) {
      const does = policy === 'push' ? 'fills' : 'takes';
      context.reportIn(source, {
        at: span,
        message: `"${job.id}" ${does} a cache that protected and unprotected branches have in common`.slice(
          0,
          190,
        ),
        key: job.id,
      });
    }
  },
};
