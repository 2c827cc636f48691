import type { Finding } from '#findings/finding.ts';
import type { Job } from '#pipeline/model.ts';
import type { Pin } from '#pipeline/reference.ts';
import type { ImportUse } from '#pipeline/surface.ts';
import { type JobImport, jobImportsOf } from '../../shared/third-parties.ts';
import type { ViewedRepository } from '../../view.ts';
import { authorityOf, joinAuthorities, weigh } from './authority.ts';
import type { Mirror } from './mirror.ts';
import type { OsvDatabase } from './osv.ts';
import type { Authority, Fact, Mark, Party, PartyVersion } from './party.ts';

const PLACES_MAX = 5;

/** Rules that know something about a third party; their tables are dated, and need no network. */
const MARKING_RULES: Readonly<Record<string, Fact['kind']>> = {
  'compromised-action': 'compromised',
  'typosquatted-action': 'typosquat',
  'vulnerable-action': 'vulnerable',
  'archived-action': 'archived',
};

/** How freely the owner can change what runs, from 0 to 1. */
const FREEDOM: Readonly<Record<Pin, number>> = {
  none: 1,
  branch: 1,
  computed: 0.9,
  tag: 0.7,
  commit: 0.1,
  digest: 0.1,
  local: 0,
};
const MARK_WEIGHT: Readonly<Record<Mark['kind'], number>> = {
  compromised: 100,
  impostor: 90,
  typosquat: 60,
  vulnerable: 30,
  archived: 6,
};
const ORIGIN_WEIGHT = { platform: 0.3, own: 0.3, 'third-party': 1 } as const;

interface Sighting extends JobImport {
  readonly from: ViewedRepository;
}

/** Findings by the place that they are about. */
function factsOf(findings: readonly Finding[]): ReadonlyMap<string, readonly Fact[]> {
  const marks = findings.flatMap(({ ruleId, message, locations: [{ file, start }] }) => {
    const kind = Object.hasOwn(MARKING_RULES, ruleId) ? MARKING_RULES[ruleId] : undefined;
    return kind === undefined
      ? []
      : [{ at: `${file}:${start.offset}`, mark: { kind, what: message, by: ruleId } }];
  });
  const byPlace = Map.groupBy(marks, ({ at }) => at);
  return new Map([...byPlace].map(([at, same]) => [at, same.map(({ mark }) => mark)]));
}

/** Who can change it: an account, an account at a host, a package, a host. */
function ownerOf({ kind, name }: ImportUse): string {
  const bare = name.replace(/^https?:\/\//, '');
  if (kind === 'tool') return bare.includes(':') ? bare : (bare.split('/', 1)[0] ?? bare);
  const parts = bare.split('/');
  // Images of Docker Hub without an owner are its own.
  if (kind === 'image' && parts.length === 1) return 'docker.io/library';
  const hasHost = parts[0]?.includes('.') === true;
  return parts.slice(0, hasHost && parts.length > 2 ? 2 : 1).join('/');
}

function versionsOf(sightings: readonly Sighting[]): PartyVersion[] {
  const groups = Map.groupBy(sightings, ({ use }) => `${use.version ?? ''} ${use.pin}`);
  return [...groups.values()]
    .flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { immutable, pin, version } = first.use;
      return [{ version: version?.slice(0, 80), pin, immutable, uses: same.length }];
    })
    .toSorted((left, right) => right.uses - left.uses);
}

function authorityOfAll(sightings: readonly Sighting[]): Authority {
  const byRepository = Map.groupBy(sightings, ({ from }) => from);
  return joinAuthorities(
    [...byRepository].map(([{ scan }, same]) => {
      const jobs = new Set(
        same.flatMap(({ job, use }): readonly Job[] =>
          job === undefined ? jobsBehind(use, scan.repository.pipelines) : [job],
        ),
      );
      return authorityOf(jobs, scan.repository);
    }),
  );
}

/** What a whole definition is made of can be in each of its jobs. */
function jobsBehind(
  { source }: ImportUse,
  pipelines: ViewedRepository['scan']['repository']['pipelines'],
): readonly Job[] {
  return pipelines.filter((each) => each.source === source).flatMap(({ jobs }) => jobs);
}

function placeOf({ from, use: { source, span } }: Sighting): string {
  return `${from.prefix}${source.file}:${source.position(span.start).line}`;
}

/** The same fact about several uses is said once, with where they are. */
function marksOf(
  sightings: readonly Sighting[],
  factsAbout: (sighting: Sighting) => readonly Fact[],
): Mark[] {
  const all = sightings.flatMap((each) => factsAbout(each).map((fact) => ({ fact, place: placeOf(each) })));
  const groups = Map.groupBy(all, ({ fact: { kind, what } }) => `${kind} ${what}`);
  const marks = [...groups.values()].flatMap((same): Mark[] => {
    const [first] = same;
    if (first === undefined) return [];
    return [
      { ...first.fact, places: same.slice(0, PLACES_MAX).map(({ place }) => place), uses: same.length },
    ];
  });
  return marks.toSorted((left, right) => MARK_WEIGHT[right.kind] - MARK_WEIGHT[left.kind]);
}

/** Undefined where nobody knows: there is no mirror, or the commit is not in it. */
function isImpostor({ use, reference }: Sighting, mirror: Mirror | undefined): boolean | undefined {
  if (use.pin !== 'commit' || reference?.ref === undefined || mirror === undefined) return undefined;
  const verdict = mirror.owns(reference.repository, reference.ref);
  return verdict === 'unknown' ? undefined : verdict === 'no';
}

function riskOf(
  marks: readonly Mark[],
  versions: readonly PartyVersion[],
  authority: Authority,
  use: ImportUse,
): number {
  const known = Math.max(0, ...marks.map(({ kind }) => MARK_WEIGHT[kind]));
  const moves = Math.max(
    0,
    ...versions.map(({ pin, immutable }) => (immutable ? FREEDOM.commit : FREEDOM[pin])),
  );
  return Math.round((known + moves * weigh(authority) * ORIGIN_WEIGHT[use.origin]) * 10) / 10;
}

export interface Sources {
  readonly osv: OsvDatabase | undefined;
  readonly mirror: Mirror | undefined;
}

function impostorOf(sightings: readonly Sighting[], mirror: Mirror | undefined): Party['impostor'] {
  const commits = sightings.filter(({ use, reference }) => use.pin === 'commit' && reference !== undefined);
  if (commits.length === 0) return 'not pinned to a commit';
  const verdicts = new Set(commits.map((each) => isImpostor(each, mirror)));
  if (verdicts.has(true)) return 'yes';
  return verdicts.has(undefined) ? 'unknown offline' : 'no';
}

const IMPOSTOR: Fact = {
  kind: 'impostor',
  what: 'the commit is on no branch or tag of the repository: it is of a fork',
  by: 'mirror',
};

function toParty(
  sightings: readonly Sighting[],
  known: ReadonlyMap<ViewedRepository, ReadonlyMap<string, readonly Fact[]>>,
  { osv, mirror }: Sources,
): Party[] {
  const [first] = sightings;
  if (first === undefined) return [];
  const { use } = first;
  const versions = versionsOf(sightings);
  const authority = authorityOfAll(sightings);
  const impostor = impostorOf(sightings, mirror);
  const marks = marksOf(sightings, (each) => [
    ...(isImpostor(each, mirror) === true ? [IMPOSTOR] : []),
    ...(known.get(each.from)?.get(`${each.use.source.file}:${each.use.span.start}`) ?? []),
    ...(osv?.factsAbout(each) ?? []),
  ]);
  const places = sightings.map(placeOf);
  const risk = riskOf(marks, versions, authority, use);
  const shared = {
    kind: use.kind,
    name: use.name.slice(0, 160),
    origin: use.origin,
    owner: ownerOf(use).slice(0, 100),
  };
  return [
    {
      ...shared,
      versions,
      uses: sightings.length,
      places: [...new Set(places)].slice(0, PLACES_MAX),
      authority,
      marks,
      impostor,
      risk,
    },
  ];
}

/** Every third party of these repositories, the riskiest first. */
export function collectParties(
  repositories: readonly ViewedRepository[],
  sources: Sources,
): readonly Party[] {
  const sightings = repositories.flatMap((from) =>
    from.scan.repository.pipelines.flatMap((pipeline) =>
      jobImportsOf(pipeline)
        .filter(({ use }) => use.origin !== 'own')
        .map((each): Sighting => ({ ...each, from })),
    ),
  );
  const known = new Map(repositories.map((each) => [each, factsOf(each.scan.findings)]));
  const byName = Map.groupBy(sightings, ({ use }) => `${use.kind} ${use.name}`);
  return [...byName.values()]
    .flatMap((same) => toParty(same, known, sources))
    .toSorted(
      (left, right) => right.risk - left.risk || right.uses - left.uses || (left.name < right.name ? -1 : 1),
    );
}
