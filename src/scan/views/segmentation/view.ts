import { plural } from '#findings/reporters/plain-text.ts';
import {
  isMixed,
  type Thing,
  type ThingUse,
  thingsOf,
  type Zone,
  zoneOf,
} from '../../shared/segmentation.ts';
import { type Block, defineView, type ViewedRepository, type ViewInput } from '../../view.ts';
import { describeStep, describeStores } from './plan-step.ts';
import { isStored, rank, type Ranked } from '../../shared/rank-things.ts';

interface Row {
  readonly kind: string;
  readonly platform: string;
  readonly name: string;
  readonly environment?: string;
  readonly stake: string;
  readonly score: number;
  /** Jobs as `file:line job`. */
  readonly outsiders: readonly string[];
  readonly development: readonly string[];
  readonly byHand: readonly string[];
  readonly production: readonly string[];
  /** How it is reached beside production. */
  readonly starts: readonly string[];
  /** Why it matters: what a job of production does with it. */
  readonly acts?: string;
  readonly step: string;
  readonly rank: 'plan' | 'minor';
}

interface Segmentation {
  readonly repositories: number;
  readonly jobs: number;
  /** Reached from production and from elsewhere, the worst first. */
  readonly mixed: readonly Row[];
  readonly onlyProduction: number;
  readonly onlyElsewhere: number;
  /** Names of secrets that several repositories read: one of the organisation, or copies. */
  readonly sharedNames: readonly { readonly name: string; readonly repositories: number }[];
}

const MATRIX_ROWS_MAX = 20;
const PLAN_STEPS_MAX = 8;
const PLAN_SCORE_MIN = 7;
const NAMES_MAX = 4;
const SHARED_NAMES_MAX = 10;

type Prefixes = ReadonlyMap<Thing['uses'][number]['job'], string>;

/** Things with one name everywhere are one, whichever repository uses them. */
function joinGlobal(repositories: readonly ViewedRepository[]): Thing[] {
  const all = repositories.flatMap(({ scan }) => thingsOf(scan.repository));
  const byKey = Map.groupBy(
    all.filter(({ isGlobal }) => isGlobal),
    ({ kind, name }) => `${kind} ${name}`,
  );
  const joined = [...byKey.values()].flatMap((same): Thing[] => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, uses: same.flatMap(({ uses }) => uses) }];
  });
  return [...joined, ...all.filter(({ isGlobal }) => !isGlobal)];
}

function namesOf({ uses }: Thing, zone: Zone, prefixes: Prefixes): string[] {
  return uses
    .filter(({ zones }) => zones.has(zone))
    .map(({ job, source, span }) => {
      const { line } = source.position(span.start);
      return `${prefixes.get(job) ?? ''}${source.file}:${line} ${job.id.slice(0, 80)}`;
    });
}

function toRow(ranked: Ranked, prefixes: Prefixes): Row {
  const { thing, score, zone } = ranked;
  const starts = thing.uses.flatMap((use) => use.starts.filter((each) => zoneOf(each) === zone));
  const acts = thing.uses.find((use) => use.acts !== undefined && use.zones.has('production'))?.acts;
  return {
    kind: thing.kind,
    platform: thing.uses[0]?.job.pipeline.platform ?? '',
    name: thing.name.slice(0, 120),
    ...(thing.environment === undefined ? {} : { environment: thing.environment }),
    stake: thing.stake.what,
    score,
    outsiders: namesOf(thing, 'outsiders', prefixes),
    development: namesOf(thing, 'development', prefixes),
    byHand: namesOf(thing, 'by hand', prefixes),
    production: namesOf(thing, 'production', prefixes),
    starts: [...new Set(starts.map(({ what }) => what))].slice(0, 5),
    ...(acts === undefined ? {} : { acts }),
    step: describeStep(ranked, (use: ThingUse) => prefixes.get(use.job) ?? ''),
    rank: score >= PLAN_SCORE_MIN && zone !== 'by hand' ? 'plan' : 'minor',
  };
}

function findSharedNames(repositories: readonly ViewedRepository[]): Segmentation['sharedNames'] {
  const counts = new Map<string, number>();
  for (const { scan } of repositories) {
    const secrets = thingsOf(scan.repository).filter(
      ({ kind, stake }) => kind === 'secret' && stake.weight >= 7,
    );
    for (const name of new Set(secrets.map((each) => each.name)))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([name, count]) => ({ name, repositories: count }))
    .toSorted((left, right) => right.repositories - left.repositories || (left.name < right.name ? -1 : 1));
}

function prefixesOf(repositories: readonly ViewedRepository[]): Prefixes {
  return new Map(
    repositories.flatMap(({ prefix, scan }) =>
      thingsOf(scan.repository).flatMap(({ uses }) => uses.map(({ job }) => [job, prefix] as const)),
    ),
  );
}

function build({ repositories }: ViewInput): Segmentation {
  const prefixes = prefixesOf(repositories);
  const things = joinGlobal(repositories);
  const rows = things.flatMap((thing) => {
    const ranked = rank(thing);
    return ranked === undefined ? [] : [toRow(ranked, prefixes)];
  });
  const rest = things.filter((thing) => !isMixed(thing));
  const own = rest.filter(({ uses }) => uses.some(({ zones }) => zones.has('production')));
  return {
    repositories: repositories.length,
    jobs: prefixes.size,
    mixed: rows.toSorted((left, right) => right.score - left.score || (left.name < right.name ? -1 : 1)),
    onlyProduction: own.length,
    onlyElsewhere: rest.length - own.length,
    sharedNames: findSharedNames(repositories),
  };
}

function cell(jobs: readonly string[]): string {
  return jobs.length === 0 ? '-' : `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}`;
}

function labelOf({ kind, name, environment }: Row): string {
  const shown = kind === 'role' ? name : `${kind} ${name}`;
  return environment === undefined ? shown : `${shown} (${environment})`;
}

function describeMatrix(rows: readonly Row[]): Block[] {
  const shown = rows.slice(0, MATRIX_ROWS_MAX);
  return [
    { kind: 'heading', text: 'What production shares' },
    {
      kind: 'table',
      head: ['thing', 'outsiders', 'development', 'by hand', 'production'],
      rows: shown.map((row) => [
        labelOf(row),
        ...[row.outsiders, row.development, row.byHand, row.production].map(cell),
      ]),
    },
    ...(rows.length > shown.length
      ? [
          {
            kind: 'text',
            text: `${rows.length - shown.length} more with less at stake are in \`--format json\`.`,
          } as const,
        ]
      : []),
  ];
}

function describePlan(rows: readonly Row[]): Block[] {
  const steps = rows.filter((row) => row.rank === 'plan');
  if (steps.length === 0)
    return [
      {
        kind: 'text',
        text: 'Nothing of it is worth a change of its own: little is at stake, or people start it.',
      },
    ];
  // One change for all that the same jobs share.
  const groups = [
    ...Map.groupBy(steps, (row) => JSON.stringify([row.kind === 'image', jobsOf(row)])).values(),
  ];
  const items = groups.slice(0, PLAN_STEPS_MAX).map(describeGroup);
  const more = groups.length - items.length;
  const stores = describeStores(new Set(steps.filter(isStored).map(({ platform }) => platform)));
  return [
    { kind: 'heading', text: 'What to separate first' },
    { kind: 'list', items: more > 0 ? [...items, `${more} more in \`--format json\`.`] : items },
    ...stores.map((text) => ({ kind: 'text', text }) as const),
  ];
}

/** Which jobs it is about, whatever their lines. */
function jobsOf({ outsiders, development, byHand, production }: Row): string[] {
  return [outsiders, development, byHand, production].map((jobs) =>
    jobs.map((each) => each.replace(/:\d+ /, ' ')).join('\n'),
  );
}

function describeGroup(rows: readonly Row[]): string {
  const [row] = rows;
  if (row === undefined) return '';
  const names = rows.slice(0, NAMES_MAX).map((each) => `\`${labelOf(each)}\``);
  const more = rows.length > names.length ? ` and ${rows.length - names.length} more` : '';
  const stakes = [...new Set(rows.map(({ stake }) => stake))].slice(0, 2).join(', ');
  const acts = row.acts === undefined ? '' : `; production needs it to ${nameAct(row.acts)}`;
  const starts = row.starts.slice(0, 2).join(' and ') || 'others';
  return `${names.join(', ')}${more} (${stakes}): there for ${starts}${acts}. ${row.step}`;
}

function nameAct(acts: string): string {
  return /^(?:pushes|runs) /.test(acts) ? acts.replace(/^(push|run)e?s/, '$1') : `run \`${acts}\``;
}

function describe({
  jobs,
  mixed,
  onlyElsewhere,
  onlyProduction,
  repositories,
  sharedNames,
}: Segmentation): Block[] {
  const where = repositories === 1 ? '' : ` in ${repositories} repositories`;
  if (jobs === 0)
    return [
      {
        kind: 'text',
        text: 'No job uses a stored credential, a role, a build agent of its own or a shared cache, and none pushes an image.',
      },
    ];
  const counts = `${plural(jobs, 'job')}${where} with something worth taking. Shared by production and others: ${mixed.length}; production’s alone: ${onlyProduction}; not production’s: ${onlyElsewhere}.`;
  const names = sharedNames.slice(0, SHARED_NAMES_MAX);
  return [
    { kind: 'text', text: counts },
    ...(mixed.length === 0 ? [] : [...describeMatrix(mixed), ...describePlan(mixed)]),
    ...(names.length === 0
      ? []
      : [
          { kind: 'heading', text: 'The same secret in several repositories' } as const,
          {
            kind: 'table',
            head: ['secret', 'repositories'],
            rows: names.map(({ name, repositories: count }) => [name.slice(0, 60), String(count)]),
          } as const,
        ]),
    {
      kind: 'text',
      text: 'Files do not show the branch rules of environments, protected variables and trust policies: where those are set, a line above may be closed already.',
    },
  ];
}

export const view = defineView<Segmentation>({
  id: 'segmentation',
  summary: 'which credentials, roles, agents and registries production shares with others',
  description:
    'Puts every credential, cloud role, build agent, shared cache, pushed image and environment against those who reach it: outsiders, development (pull requests and branches of members), people who start it by hand, and production (main, releases, tags, schedules). What stands in both halves is ranked by what is at stake and how openly it is reached; the plan says what to change.\n\n' +
    'The same name in two environments is two things. A secret of a step counts only for the starts in which the step’s condition may hold, and pull requests of forks count for build agents only, because they get no secrets.',
  build,
  describe,
});
