import { plural } from '#findings/reporters/plain-text.ts';
import { runningJobs } from '../../shared/job-surface.ts';
import { type SecurityTest, securityTestsOf } from '../../shared/security-tests.ts';
import { type TestKind, testKinds } from '../../shared/security-tool.ts';
import { type Block, defineView, type ViewedRepository, type ViewInput } from '../../view.ts';
import { findGaps, type Gap } from './find-gaps.ts';
import { type Moment, momentOf, moments } from './moments.ts';
import { findReleaseJobs, type ReleaseJob } from './release-jobs.ts';

interface TestRow {
  readonly tool: string;
  readonly kinds: readonly TestKind[];
  readonly place: string;
  readonly job: string;
  readonly pipeline: string;
  readonly subject?: string;
  readonly moments: readonly Moment[];
  /** A finding ends the job. */
  readonly stops: boolean;
  readonly ignoredBecause?: string;
  /** A job that deploys or publishes waits for it. */
  readonly guardsRelease: boolean;
}

interface RepositoryCoverage {
  /** Empty when there is one repository. */
  readonly repository: string;
  readonly pipelines: number;
  readonly jobs: number;
  readonly tests: readonly TestRow[];
  readonly gaps: readonly Gap[];
  readonly releases: readonly { readonly job: string; readonly what: string; readonly guarded: boolean }[];
}

interface Coverage {
  readonly repositories: readonly RepositoryCoverage[];
}

const TESTS_MAX = 15;
const RELEASES_MAX = 6;
const REPOSITORIES_MAX = 25;

function toRow(test: SecurityTest, prefix: string, releases: readonly ReleaseJob[]): TestRow {
  const { tool, kinds, job, source, span, subject, starts, ignoredBecause } = test;
  const stops = ignoredBecause === undefined;
  const at = new Set(starts.map(momentOf));
  return {
    tool,
    kinds,
    place: `${prefix}${source.file}:${source.position(span.start).line}`,
    job: job.id.slice(0, 80),
    pipeline: `${prefix}${job.pipeline.file}`,
    ...(subject === undefined ? {} : { subject }),
    moments: moments.filter((moment) => at.has(moment)),
    stops,
    ...(ignoredBecause === undefined ? {} : { ignoredBecause }),
    guardsRelease: stops && releases.some(({ waitsFor }) => waitsFor.has(job)),
  };
}

/** Which tests run in one repository, and what is missing. */
export function coverRepository({
  prefix,
  scan: { repository },
}: Omit<ViewedRepository, 'root'>): RepositoryCoverage {
  const tests = securityTestsOf(repository);
  const releases = findReleaseJobs(repository);
  const { gaps, unguarded } = findGaps(repository, tests, releases);
  return {
    repository: prefix,
    pipelines: repository.pipelines.filter(({ kind }) => kind === 'workflow').length,
    jobs: runningJobs(repository).length,
    tests: tests.map((test) => toRow(test, prefix, releases)),
    gaps,
    releases: releases.map(({ job, what }) => {
      const name = `${job.pipeline.file} ${job.id.slice(0, 80)}`;
      return {
        job: `${prefix}${name}`,
        what,
        guarded: !unguarded.includes(`${job.pipeline.file} ${job.id}`),
      };
    }),
  };
}

function build({ repositories }: ViewInput): Coverage {
  return { repositories: repositories.map(coverRepository) };
}

/** These are made for others; there is nothing in them that could stop anything. */
const PRODUCTS: ReadonlySet<TestKind> = new Set(['SBOM', 'signing', 'provenance']);

function cell(tests: readonly TestRow[], kind: TestKind, moment: Moment): string {
  const here = tests.filter((test) => test.moments.includes(moment));
  if (here.length === 0) return '-';
  if (PRODUCTS.has(kind)) return 'made';
  return here.some(({ stops }) => stops) ? 'stops' : 'reports';
}

/** A row for each kind that there is; the others in a sentence. */
function describeMatrix(tests: readonly TestRow[]): Block[] {
  const byKind = testKinds.map((kind) => ({ kind, own: tests.filter(({ kinds }) => kinds.includes(kind)) }));
  const rows = byKind.flatMap(({ kind, own }) => {
    if (own.length === 0) return [];
    const tools = [...new Set(own.map(({ tool }) => tool))];
    const shown = tools.slice(0, 3).join(', ') + (tools.length > 3 ? ` and ${tools.length - 3} more` : '');
    return [[kind, shown, ...moments.map((moment) => cell(own, kind, moment))]];
  });
  const missing = byKind.filter(({ own }) => own.length === 0).map(({ kind }) => kind);
  return [
    ...(rows.length === 0 ? [] : [{ kind: 'table', head: ['test', 'tools', ...moments], rows } as const]),
    ...(missing.length === 0 ? [] : [{ kind: 'text', text: `Not seen: ${missing.join(', ')}.` } as const]),
  ];
}

/** What stops nothing comes first, what is made for others last. */
function orderOf(test: TestRow | undefined): number {
  if (test === undefined || test.kinds.every((kind) => PRODUCTS.has(kind))) return 2;
  return test.stops ? 1 : 0;
}

function describeTests(tests: readonly TestRow[]): Block[] {
  const groups = [
    ...Map.groupBy(tests, ({ tool, pipeline, ignoredBecause }) =>
      [tool, pipeline, ignoredBecause].join('\n'),
    ).values(),
  ];
  const ranked = groups.toSorted((left, right) => orderOf(left[0]) - orderOf(right[0]));
  const shown = ranked.slice(0, TESTS_MAX).flatMap((same) => {
    const [test] = same;
    if (test === undefined) return [];
    const more = same.length > 1 ? ` and ${same.length - 1} more` : '';
    const product = test.kinds.every((kind) => PRODUCTS.has(kind));
    const effect = product
      ? 'made'
      : (test.ignoredBecause ?? (test.guardsRelease ? 'stops the release' : 'stops its job'));
    const place = `${test.place.replace('.github/workflows/', '')}${more}`;
    const on = test.subject === undefined ? '' : ` on \`${test.subject.replaceAll('`', '')}\``;
    return [`${test.tool}${on} at ${place}: ${effect.replaceAll('`', '')}`];
  });
  if (shown.length === 0) return [];
  const rest = ranked.length - shown.length;
  return [
    { kind: 'heading', text: 'What runs, what stops nothing first' },
    { kind: 'list', items: shown },
    ...(rest > 0 ? [{ kind: 'text', text: `${rest} more in \`--format json\`.` } as const] : []),
  ];
}

function describeReleases({ releases }: RepositoryCoverage): string[] {
  const open = releases.filter(({ guarded }) => !guarded);
  if (open.length === 0) return [];
  const names = open.slice(0, RELEASES_MAX).map(({ job, what }) => `\`${job}\` (${what})`);
  const more = open.length > names.length ? ` and ${open.length - names.length} more` : '';
  return [
    `${plural(open.length, 'release job')} of ${releases.length} ${open.length === 1 ? 'waits' : 'wait'} for no test of security: ${names.join(', ')}${more}. Let them need the job of a test, or run it in them before what they publish.`,
  ];
}

function describeGaps(one: RepositoryCoverage): Block[] {
  const items = [
    ...one.gaps.map(({ kind, what, change }) => `${kind}: ${what}. ${change}`),
    ...describeReleases(one),
  ];
  return items.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Gaps' },
        { kind: 'list', items },
      ];
}

function describeOne(one: RepositoryCoverage): Block[] {
  const { tests, jobs, pipelines } = one;
  const stopping = tests.filter(({ stops }) => stops).length;
  const counts = `${plural(tests.length, 'security test')} in ${plural(jobs, 'job')} of ${plural(pipelines, 'pipeline')}; a finding ends the job in ${stopping} of them.`;
  return [
    { kind: 'text', text: counts },
    ...describeMatrix(tests),
    ...describeGaps(one),
    ...describeTests(tests),
  ];
}

function describeRepository({ repository, tests, gaps, releases }: RepositoryCoverage): string {
  const stopping = tests.filter(({ stops }) => stops).length;
  const missing = gaps.map(({ kind }) => kind).join(', ');
  const open = releases.filter(({ guarded }) => !guarded).length;
  return [
    `${repository.replace(/\/$/, '')}: ${plural(tests.length, 'test')}, ${stopping} of them ${stopping === 1 ? 'stops' : 'stop'} a job`,
    ...(missing === '' ? [] : [`missing ${missing}`]),
    ...(open === 0 ? [] : [`${open} of ${plural(releases.length, 'release')} untested`]),
  ].join('; ');
}

/** One item a repository: how many tests run, and what is missing. */
function describeMany(all: readonly RepositoryCoverage[]): Block[] {
  const ranked = all.toSorted(
    (left, right) => right.gaps.length - left.gaps.length || (left.repository < right.repository ? -1 : 1),
  );
  const items = ranked.slice(0, REPOSITORIES_MAX).map(describeRepository);
  const rest = all.length - items.length;
  return [
    {
      kind: 'text',
      text: `${all.length} repositories, those with the most gaps first; name one alone for its matrix.`,
    },
    { kind: 'list', items },
    ...(rest > 0 ? [{ kind: 'text', text: `${rest} more in \`--format json\`.` } as const] : []),
  ];
}

function describe({ repositories }: Coverage): Block[] {
  const [only] = repositories;
  return repositories.length === 1 && only !== undefined ? describeOne(only) : describeMany(repositories);
}

export const view = defineView<Coverage>({
  id: 'coverage',
  summary: 'which security tests run, when, on what, and whether a failure stops anything',
  description:
    'Recognises about 140 tools by action, image, command, orb, task, plug-in and template: SAST, SCA, secrets, infrastructure as code, container, DAST, licences, the pipelines themselves, SBOM, signing and provenance. For each it says when it runs (before the merge, on main, for releases, by schedule), on what, and whether a finding ends the job: `continue-on-error`, `allow_failure`, `|| true`, a pipe without `pipefail`, and the options by which a tool only reports are read.\n\n' +
    'A release is guarded when a job that deploys or publishes waits for a test that can fail. Required checks and rules about alerts are settings of the platform; files do not show them.',
  build,
  describe,
});
