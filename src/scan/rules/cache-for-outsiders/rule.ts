import type { Platform } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { StoreUse } from '#pipeline/surface.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { describeCredentials } from '../../shared/surface-credentials.ts';
import {
  attackOf,
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

/** What a run of a pull request stores, these show to other runs of the same pull request only. */
const KEEPS_APART: ReadonlySet<Platform> = new Set(['azure']);

/** Artifacts of these lie in a store that outlives the run, under a key that another run can name. */
const KEEPS_ARTIFACTS: ReadonlySet<Platform> = new Set(['argo']);

interface Use extends SurfaceJob {
  readonly store: StoreUse;
  readonly kind: 'cache' | 'artifact';
  /** What the key begins with, up to the first part that differs from run to run; of an artifact the whole key. */
  readonly prefix: string;
}

/** What is never the same for a run of outsiders and one of the project: `{{ .Branch }}` is `pull/7` for a fork. */
const OF_ITS_OWN = /\{\{-?\s{0,9}\.(?:Branch|Revision|Environment\.CIRCLE_(?:BRANCH|SHA1))\s{0,9}-?\}\}/g;

function prefixOf(key: Text | undefined, access: 'read' | 'write'): string {
  if (key === undefined) return '';
  const [first] = key.expressions;
  const prefix = key.value.slice(0, Math.min(first?.outer.start ?? 200, 200)).trim();
  return prefix
    .replaceAll(OF_ITS_OWN, `{{ ${access} }}`)
    .replaceAll(/\{\{\s{1,9}|\s{1,9}\}\}/g, (braces) => braces.trim());
}

/** Keys are found by their beginning: one that says nothing is all of them. Artifacts are found by the whole key. */
function overlaps(written: Use, read: Use): boolean {
  if (written.job.pipeline.platform !== read.job.pipeline.platform || written.kind !== read.kind)
    return false;
  if (written.kind === 'artifact') return written.prefix === read.prefix;
  return written.prefix.startsWith(read.prefix) || read.prefix.startsWith(written.prefix);
}

const isFixed = ({ key }: StoreUse): boolean =>
  key !== undefined && key.isConstant && key.value.length > 3 && !key.value.includes('{{');

function usesOf(each: SurfaceJob, access: 'read' | 'write'): Use[] {
  const isUsed = (store: StoreUse): boolean => store.access === access || store.access === 'both';
  const { caches, artifacts } = each.surface;
  const kept = KEEPS_ARTIFACTS.has(each.job.pipeline.platform) ? artifacts.filter(isFixed) : [];
  return [
    ...caches
      .filter(isUsed)
      .map((store) => ({ ...each, store, kind: 'cache' as const, prefix: prefixOf(store.key, access) })),
    ...kept
      .filter(isUsed)
      .map((store) => ({ ...each, store, kind: 'artifact' as const, prefix: store.key?.value ?? '' })),
  ];
}

/** Runs with the rights of the project that no outsider starts: what they take from a cache, they trust. */
function isTrusted({ surface, job }: SurfaceJob): boolean {
  const stored = describeCredentials(surface, job.pipeline.platform) !== undefined;
  const owned = surface.starts.some(({ actor, authority }) => !isOutsider(actor) && authority === 'full');
  return (
    owned && (stored || surface.deploysTo !== undefined || surface.starts.some((each) => each.production))
  );
}

function toCandidate(written: Use, read: Use, exposure: Exposure): Candidate {
  const { start } = exposure;
  const sure = start?.setting === undefined;
  const held = describeCredentials(read.surface, read.job.pipeline.platform);
  const attack = attackOf(read, { ...exposure, reach: 'full' });
  const same = written.job === read.job;
  const what = written.kind === 'cache' ? 'a cache' : 'an artifact';
  const { source, span } = read.store;
  const trusting = held === undefined ? nameJob(read.job) : `${nameJob(read.job)}, which has ${held},`;
  return {
    source,
    span,
    report: {
      severity: held === undefined ? 'medium' : 'high',
      confidence: sure ? 'medium' : 'low',
      persona: sure ? 'regular' : 'pedantic',
      message: same
        ? `${trusting} takes ${what} from runs of ${start?.what.slice(0, 50) ?? 'others'}${describeSetting(exposure)}`
        : `${trusting} takes ${what} that ${nameJob(written.job)} fills in ${start?.what.slice(0, 50) ?? 'a foreign run'}${describeSetting(exposure)}`,
      related: [{ at: written.store.span, source: written.store.source, label: 'is filled here' }],
      ...(attack === undefined
        ? {}
        : {
            attack: { ...attack, complexity: 'high' },
            path: [
              { label: start?.what ?? '', ...placeOfJob(written.job) },
              {
                label: `its files go into the ${written.kind === 'cache' ? 'cache' : 'store'}`,
                source: written.store.source,
                span: written.store.span,
              },
              { label: 'a run with the rights of the project takes them out', source, span },
            ],
          }),
      key: `${start?.what ?? ''} ${read.prefix}`,
    },
  };
}

const USES_MAX = 300;

function findCaches(repository: Repository): Candidate[] {
  const jobs = surfaceJobs(repository).filter(({ job }) => !KEEPS_APART.has(job.pipeline.platform));
  const reads = jobs
    .filter(isTrusted)
    .flatMap((each) => usesOf(each, 'read'))
    .slice(0, USES_MAX);
  const writes = jobs.flatMap((each) => usesOf(each, 'write')).slice(0, USES_MAX);
  return writes.flatMap((written) => {
    const exposure = exposureOf(written.surface, runsForeignCode);
    if (exposure.reach !== 'full' && exposure.reach !== 'bare') return [];
    return reads
      .filter((read) => overlaps(written, read))
      .map((read) => toCandidate(written, read, exposure));
  });
}

export const rule: Rule = {
  id: 'cache-for-outsiders',
  title: 'A trusted run takes files from a cache that outsiders fill',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-9'], cwe: ['CWE-349', 'CWE-829'], cis: ['2.4.2'] },
  description:
    'Looks for caches that jobs of pull requests write, and artifacts of Argo under a fixed key, from which jobs with credentials read. Where a setting outside of the file decides whether forks are built, or share caches, only pedants and auditors see it.',
  why: 'A cache holds programs and packages that are run without being looked at. A pull request that leaves a changed one there runs code in the next build of the protected branch, with its credentials, weeks after it was closed.',
  remedy:
    'Let only the protected branch write the cache, or begin the key with something that outsiders cannot have: one for pull requests, one for everything else. Releases build without a cache.',
  references: [
    'https://circleci.com/docs/caching/',
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-04-Poisoned-Pipeline-Execution',
  ],
  aliases: ['taudit/pr_specific_cache_key_in_default_branch_consumer'],

  repository(repository, context) {
    reportWorst(findCaches(repository), rule, context, { merge: true });
  },
};
