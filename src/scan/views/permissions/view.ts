import { plural } from '#findings/reporters/plain-text.ts';
import { type Block, defineView, type ViewInput } from '../../view.ts';
import { compareJob, type JobPermissions } from './compare-job.ts';

interface PermissionsReport {
  readonly jobs: readonly JobPermissions[];
}

const ROWS_MAX = 15;
const NAMES_MAX = 3;
const EVIDENCE_MAX = 12;
const UNKNOWN_MAX = 8;

/** The more can be taken away, the earlier. */
function excessOf({ saidBy, has, tooMuch, unknown }: JobPermissions): number {
  if (has === 'write-all') return 100;
  // What is not known may be what a scope is for.
  if (tooMuch.length > 0 && unknown.length === 0) return 10 + tooMuch.length;
  return saidBy === 'default' ? 5 : has === 'read-all' ? 4 : 0;
}

function build({ repositories }: ViewInput): PermissionsReport {
  const jobs = repositories.flatMap(({ scan: { repository }, prefix }) =>
    repository.pipelines
      .filter(({ kind, platform }) => kind === 'workflow' && platform === 'github')
      .flatMap((pipeline) => pipeline.jobs)
      .map((job) => compareJob(job, repository, prefix)),
  );
  // Sorting keeps the order of the files where jobs are equal.
  return { jobs: jobs.toSorted((left, right) => excessOf(right) - excessOf(left)) };
}

function describeUse({ uses, unknown }: JobPermissions): string {
  const words = uses.map(({ scope, access }) => `${scope}: ${access}`);
  if (unknown.length === 0) return words.join(', ') || 'nothing';
  return [...words, 'and what is not known'].join(', ');
}

/** Jobs of one file that may and use the same are one thing to change. */
function alike(jobs: readonly JobPermissions[]): readonly (readonly JobPermissions[])[] {
  const keyOf = (job: JobPermissions) =>
    JSON.stringify([job.place.replace(/:\d+$/, ''), job.has, describeUse(job)]);
  return [...Map.groupBy(jobs, keyOf).values()];
}

function describeAlike(jobs: readonly JobPermissions[]): string {
  const [first] = jobs;
  if (first === undefined) return '';
  const names = jobs.slice(0, NAMES_MAX).map(({ job }) => `\`${job}\``);
  const more = jobs.length - names.length;
  const may = first.saidBy === 'default' ? 'nothing said' : first.has;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} at ${first.place}: ${may} → ${describeUse(first)}`;
}

function describeExcess(jobs: readonly JobPermissions[]): Block[] {
  const wide = jobs.filter((job) => excessOf(job) > 0);
  if (wide.length === 0) return [{ kind: 'text', text: 'No job has more than it is seen to use.' }];
  const groups = alike(wide);
  const shown = groups.slice(0, ROWS_MAX);
  const more = groups.slice(ROWS_MAX).flat().length;
  return [
    { kind: 'text', text: 'What jobs may → what they are seen to use:' },
    { kind: 'list', items: shown.map(describeAlike) },
    ...(more === 0
      ? []
      : [{ kind: 'text', text: `${plural(more, 'more job')} with --format json.` } as const]),
  ];
}

/** What one job’s scopes are for: for each action or command, those that it needs. */
function purposesOf({ uses }: JobPermissions): readonly string[] {
  const pairs = uses.map(({ scope, access, evidence }) => ({
    by: evidence[0]?.split(' at ')[0] ?? '',
    words: `${scope}: ${access}`,
  }));
  return [...Map.groupBy(pairs, ({ by }) => by)].map(
    ([by, same]) => `\`${by}\`: ${same.map(({ words }) => words).join(', ')}`,
  );
}

/** The same words in many jobs are said once; what writes comes first. */
function describeEvidence(jobs: readonly JobPermissions[]): Block[] {
  const seen = new Map<string, number>();
  for (const words of jobs.flatMap(purposesOf)) seen.set(words, (seen.get(words) ?? 0) + 1);
  if (seen.size === 0) return [];
  const writes = (words: string): number => Number(words.includes(': write'));
  const items = [...seen]
    .toSorted((left, right) => writes(right[0]) - writes(left[0]) || right[1] - left[1])
    .slice(0, EVIDENCE_MAX)
    .map(([words, count]) => `${words} (${plural(count, 'job')})`);
  return [
    { kind: 'heading', text: 'What the scopes are for' },
    { kind: 'list', items },
    ...(seen.size > items.length
      ? [{ kind: 'text', text: `${seen.size - items.length} more with --format json.` } as const]
      : []),
  ];
}

function describeUnknown(jobs: readonly JobPermissions[]): Block[] {
  const places = new Map<string, number>();
  for (const what of jobs.flatMap(({ unknown }) => unknown)) places.set(what, (places.get(what) ?? 0) + 1);
  if (places.size === 0) return [];
  const shown = [...places].toSorted((left, right) => right[1] - left[1]).slice(0, UNKNOWN_MAX);
  const more = places.size - shown.length;
  return [
    { kind: 'heading', text: 'Not known' },
    {
      kind: 'list',
      items: [
        ...shown.map(([what, count]) => `${what} (${plural(count, 'job')})`),
        ...(more === 0 ? [] : [`${more} more with --format json`]),
      ],
    },
  ];
}

function describeMissing(jobs: readonly JobPermissions[]): Block[] {
  const lacking = jobs.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return [];
  const items = lacking
    .slice(0, UNKNOWN_MAX)
    .map(({ job, place, missing }) => `\`${job}\` at ${place}: ${missing.join(', ')}`);
  const more = lacking.length - items.length;
  return [
    { kind: 'heading', text: 'Used, and not given' },
    { kind: 'list', items: more === 0 ? items : [...items, `${more} more with --format json`] },
  ];
}

function describe({ jobs }: PermissionsReport): Block[] {
  if (jobs.length === 0)
    return [
      { kind: 'text', text: 'No workflow of GitHub here: other platforms give jobs no scopes to choose.' },
    ];
  const known = jobs.filter(({ unknown }) => unknown.length === 0).length;
  const spare = jobs.filter((job) => excessOf(job) > 0).length;
  return [
    { kind: 'heading', text: 'What the tokens of jobs may do' },
    {
      kind: 'text',
      text: `${plural(jobs.length, 'job')}; ${spare} may do more than they are seen to use, or nothing says what they may; of ${known} everything is known. \`vouchgate scan --fix=unsafe --diff\` shows the blocks for what is missing or shared.`,
    },
    ...describeExcess(jobs),
    ...describeMissing(jobs),
    ...describeEvidence(jobs),
    ...describeUnknown(jobs),
  ];
}

export const view = defineView<PermissionsReport>({
  id: 'permissions',
  summary: 'the scopes that each job’s token needs, with the evidence',
  description:
    'The least `permissions:` of each job, from what its steps do: some 450 well-known actions with the inputs on which it depends (more than 50 of them held against what their own repositories say), `gh` and its calls, curl and Octokit, git push with what checkout leaves behind, publishing, identity tokens. Actions and workflows of the repository are read through. What is not known is named, and never taken for nothing.',
  build,
  describe,
});
