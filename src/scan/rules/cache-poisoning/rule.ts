import { cacheUseOf, savesOnly } from '#pipeline/github/caches.ts';
import { findPublication, findReleaseTrigger } from '#pipeline/github/publishing.ts';
import type { Job } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';

function checkJob(job: Job, context: RuleContext): void {
  const published = findPublication(job) ?? findReleaseTrigger(job.pipeline);
  if (published === undefined) return;
  for (const step of job.steps) {
    const cache = cacheUseOf(step);
    if (cache === undefined || savesOnly(cache.use)) continue;
    // Since then only a run that members cause can write what a release reads.
    const narrowed = context.inForce('read-only-cache-for-untrusted');
    context.report({
      at: cache.use.text.node,
      message: `what is published here is built with a cache that other workflows write (${cache.use.reference.repository})`,
      severity: narrowed ? 'medium' : 'high',
      related: [{ at: published.span, label: `published here: ${published.what}` }],
    });
  }
}

export const rule: Rule = {
  id: 'cache-poisoning',
  title: 'A release is built from a shared cache',
  severity: 'high',
  confidence: 'low',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-9'], cwe: ['CWE-349', 'CWE-345'], cis: ['2.4.2'] },
  description:
    'Looks for steps that restore a cache in jobs that publish something, or that run for releases.',
  why: 'All workflows of a branch share one cache, and a key can be guessed. Whoever gets one unimportant job to run their code puts changed dependencies there, and the release picks them up with its signature.',
  remedy: 'Build releases without a cache: turn it off for the tools that have it on by default.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching#restrictions-for-accessing-a-cache',
  ],
  incident: {
    name: 'TanStack (CVE-2026-45321)',
    date: '2026-05',
    what: 'A benchmark job that anybody could start wrote the cache of the package manager; the next release was built from it and had valid provenance.',
  },
  aliases: ['zizmor/cache-poisoning', 'codeql/actions/cache-poisoning/direct-cache'],

  job(job, context) {
    if (job.pipeline.kind === 'workflow') checkJob(job, context);
  },
};
