import { findPublication } from '#pipeline/github/publishing.ts';
import type { Repository } from '#pipeline/repository.ts';
import { pushedImagesOf } from '../../shared/pushed-images.ts';
import { runningJobs } from '../../shared/job-surface.ts';
import type { TestKind } from '../../shared/security-tool.ts';
import type { SecurityTest } from '../../shared/security-tests.ts';
import { momentOf } from './moments.ts';
import type { ReleaseJob } from './release-jobs.ts';

export interface Gap {
  readonly kind: TestKind;
  readonly what: string;
  /** What to add or change. */
  readonly change: string;
}

/** What a release should have been through, and what does it at little cost. */
const ASKED: readonly (readonly [TestKind, string, string])[] = [
  [
    'SCA',
    'nothing looks for known holes in dependencies',
    'Add `osv-scanner` (or the audit of the package manager) before the merge.',
  ],
  ['SAST', 'nothing looks at the code itself', 'Add CodeQL or Semgrep before the merge.'],
  [
    'secrets',
    'nothing looks for secrets that were committed',
    'Add Gitleaks before the merge, or turn on push protection.',
  ],
  ['pipeline', 'nothing looks at the pipelines', 'Add `vouchgate scan` before the merge.'],
];

interface Needs {
  readonly images: boolean;
  readonly infrastructure: boolean;
  readonly releases: boolean;
}

function findNeeds(repository: Repository): Needs {
  const jobs = runningJobs(repository);
  const scripts = jobs.flatMap(({ steps }) =>
    steps.flatMap(({ work }) => (work.kind === 'other' ? [] : [work.text.value])),
  );
  return {
    images: jobs.some((job) => pushedImagesOf(job, repository).length > 0),
    infrastructure: scripts.some((text) =>
      /\b(?:terraform|tofu|terragrunt|helm|kubectl|pulumi|cloudformation)\b/.test(text),
    ),
    releases: jobs.some((job) => findPublication(job) !== undefined),
  };
}

function askedOf({ images, infrastructure, releases }: Needs): (typeof ASKED)[number][] {
  return [
    ...ASKED,
    ...(images
      ? [
          [
            'container',
            'images are pushed and nothing looks into them',
            'Add Trivy or Grype with an exit code before the push.',
          ] as const,
        ]
      : []),
    ...(infrastructure
      ? [
          [
            'IaC',
            'infrastructure is changed and nothing looks at its definitions',
            'Add Checkov or Trivy (`config`) before the merge.',
          ] as const,
        ]
      : []),
    ...(releases
      ? ([
          [
            'provenance',
            'releases say nothing of where they come from',
            'Add `actions/attest-build-provenance`, `npm publish --provenance` or `cosign attest` to the job that publishes.',
          ],
          [
            'SBOM',
            'releases do not say what they are made of',
            'Add Syft or CycloneDX to the job that publishes.',
          ],
        ] as const)
      : []),
  ];
}

/** Made for others, and no test that could fail. */
const PRODUCTS: ReadonlySet<TestKind> = new Set(['SBOM', 'signing', 'provenance']);

function judge(kind: TestKind, missing: string, change: string, tests: readonly SecurityTest[]): Gap[] {
  const own = tests.filter(({ kinds }) => kinds.includes(kind));
  if (own.length === 0) return [{ kind, what: missing, change }];
  if (PRODUCTS.has(kind)) return [];
  const stopping = own.filter(({ ignoredBecause }) => ignoredBecause === undefined);
  const [first] = own;
  if (stopping.length === 0 && first !== undefined) {
    const { tool, source, span, ignoredBecause } = first;
    const at = `\`${source.file}:${source.position(span.start).line}\``;
    const what = `${tool} at ${at} finds and stops nothing: ${ignoredBecause ?? ''}`;
    return [{ kind, what, change: howToStop(ignoredBecause) }];
  }
  const early = stopping.some(({ starts }) => starts.some((start) => momentOf(start) === 'before merge'));
  if (early || first === undefined) return [];
  const what = `${stopping[0]?.tool ?? first.tool} runs only after the merge`;
  return [{ kind, what, change: 'Run it for pull requests, too, and make it a required check.' }];
}

function howToStop(because: string | undefined): string {
  return because?.startsWith('it only reports') === true
    ? 'Set the option with which it fails, or a rule of the branch that its alerts stop the merge.'
    : `Take ${because ?? 'it'} away.`;
}

/** A release that waits for no test at all: what was merged goes out, whatever the tests say. */
function findUnguarded(releases: readonly ReleaseJob[], tests: readonly SecurityTest[]): string[] {
  const stopping = tests.filter(
    ({ ignoredBecause, kinds }) => ignoredBecause === undefined && kinds.some((kind) => !PRODUCTS.has(kind)),
  );
  return releases
    .filter(({ waitsFor }) => !stopping.some(({ job }) => waitsFor.has(job)))
    .map(({ job }) => `${job.pipeline.file} ${job.id}`);
}

export interface Gaps {
  readonly gaps: readonly Gap[];
  /** `file job` of releases that no test stands before. */
  readonly unguarded: readonly string[];
}

export function findGaps(
  repository: Repository,
  tests: readonly SecurityTest[],
  releases: readonly ReleaseJob[],
): Gaps {
  const gaps = askedOf(findNeeds(repository)).flatMap(([kind, missing, change]) =>
    judge(kind, missing, change, tests),
  );
  return { gaps, unguarded: findUnguarded(releases, tests) };
}
