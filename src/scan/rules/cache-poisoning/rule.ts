import { automaticCacheOf, cacheUseOf, savesOnly } from '#pipeline/github/caches.ts';
import {
  findLaterPublication,
  findPublication,
  findReleaseTrigger,
  isReleasePipeline,
  type Publication,
} from '#pipeline/github/publishing.ts';
import type { Job, Step } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { reportPoisoning } from './poisoning.ts';

interface Release {
  readonly publication: Publication;
  /** False where the job only runs when there is a release, too: tests, as a rule. */
  readonly isBuilt: boolean;
}

function findRelease(job: Job): Release | undefined {
  const built = findPublication(job) ?? findLaterPublication(job);
  if (built !== undefined) return { publication: built, isBuilt: true };
  const { pipeline } = job;
  const publication = findReleaseTrigger(pipeline);
  if (publication === undefined) return undefined;
  // A pipeline that is there for releases, and says nowhere how it makes them: any job may be the one.
  const isHidden =
    isReleasePipeline(pipeline) && pipeline.jobs.every((each) => findPublication(each) === undefined);
  return { publication, isBuilt: isHidden };
}

/** What is published is not built from what comes later in the same job. */
function isAfter({ node, job }: Step, { span }: Publication): boolean {
  return span.start >= job.node.start && span.end <= job.node.end && node.start > span.end;
}

/** Whether it is on stands in `package.json`. */
function reportAutomatic(step: Step, publication: Publication, context: RuleContext): void {
  const use = automaticCacheOf(step);
  if (use === undefined) return;
  context.report({
    at: use.text.node,
    message: `${use.reference.repository} brings in a cache by itself where package.json names npm as its \`packageManager\``,
    severity: 'low',
    persona: 'pedantic',
    remedy: 'Say so: `package-manager-cache: false`.',
    related: [{ at: publication.span, label: `published here: ${publication.what}` }],
    key: 'automatic',
  });
}

function reportReading(job: Job, context: RuleContext): void {
  const release = findRelease(job);
  if (release === undefined) return;
  const { publication, isBuilt } = release;
  for (const step of job.steps) {
    if (isAfter(step, publication)) continue;
    const cache = cacheUseOf(step);
    if (cache === undefined) reportAutomatic(step, publication, context);
    if (cache === undefined || savesOnly(cache.use)) continue;
    // Since then only a run that members cause can write what a release reads.
    const narrowed = context.inForce('read-only-cache-for-untrusted') || !isBuilt;
    context.report({
      at: cache.use.text.node,
      message: `what is published here is built with a cache that other workflows write (${cache.use.reference.repository})`,
      severity: narrowed ? 'medium' : 'high',
      persona: isBuilt ? 'regular' : 'pedantic',
      related: [{ at: publication.span, label: `published here: ${publication.what}` }],
    });
  }
}

export const rule: Rule = {
  id: 'cache-poisoning',
  title: 'A shared cache carries code into releases',
  severity: 'high',
  confidence: 'low',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-9'], cwe: ['CWE-349', 'CWE-345'], cis: ['2.4.2'] },
  description:
    'Looks for steps that restore a cache in jobs that publish something, or that run for releases; and for runs of outsiders on the default branch whose code can write that cache.',
  why: 'All workflows of a branch share one cache, and a key can be guessed. Whoever gets one unimportant job to run their code puts changed dependencies there, and the release picks them up with its signature.',
  remedy:
    'Build releases without a cache: turn it off for the tools that have it on by default. Run code of pull requests under `pull_request`, whose cache nobody else reads.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching#restrictions-for-accessing-a-cache',
  ],
  incident: {
    name: 'TanStack (CVE-2026-45321)',
    date: '2026-05',
    what: 'A benchmark job that anybody could start wrote the cache of the package manager; the next release was built from it and had valid provenance.',
  },
  aliases: [
    'zizmor/cache-poisoning',
    'codeql/actions/cache-poisoning/direct-cache',
    'codeql/actions/cache-poisoning/poisonable-step',
  ],

  job(job, context) {
    if (job.pipeline.kind !== 'workflow') return;
    reportReading(job, context);
    reportPoisoning(job, context);
  },
};
