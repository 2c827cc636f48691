import type { Job } from '#pipeline/model.ts';
import type { Pin } from '#pipeline/reference.ts';
import type { ImportUse } from '#pipeline/surface.ts';
import type { ViewedRepository } from '../../view.ts';
import { authorityOf, joinAuthorities, weigh } from './authority.ts';
import type { Mirror } from './mirror.ts';
import type { Authority, Fact, Mark, Party, PartyVersion } from './party.ts';
import { isImpostor, type Sighting } from './sightings.ts';

const PLACES_MAX = 5;

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

/** The same fact about several uses is said once, with where they are. */
function marksOf(
  sightings: readonly Sighting[],
  factsAbout: (sighting: Sighting) => readonly Fact[],
): Mark[] {
  const all = sightings.flatMap((each) => factsAbout(each).map((fact) => ({ fact, place: each.place })));
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

function impostorOf(sightings: readonly Sighting[], mirror: Mirror | undefined): Party['impostor'] {
  const commits = sightings.filter(({ use, reference }) => use.pin === 'commit' && reference !== undefined);
  if (commits.length === 0) return 'not pinned to a commit';
  const verdicts = new Set(commits.map((each) => isImpostor(each, mirror)));
  if (verdicts.has(true)) return 'yes';
  return verdicts.has(undefined) ? 'unknown offline' : 'no';
}

function toParty(
  sightings: readonly Sighting[],
  factsAbout: (sighting: Sighting) => readonly Fact[],
  mirror: Mirror | undefined,
): Party[] {
  const [first] = sightings;
  if (first === undefined) return [];
  const { use } = first;
  const versions = versionsOf(sightings);
  const authority = authorityOfAll(sightings);
  const impostor = impostorOf(sightings, mirror);
  const marks = marksOf(sightings, factsAbout);
  const places = sightings.map(({ place }) => place);
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

/** Every third party among these uses, the riskiest first. */
export function collectParties(
  sightings: readonly Sighting[],
  factsAbout: (sighting: Sighting) => readonly Fact[],
  mirror: Mirror | undefined,
): readonly Party[] {
  const byName = Map.groupBy(sightings, ({ use }) => `${use.kind} ${use.name}`);
  return [...byName.values()]
    .flatMap((same) => toParty(same, factsAbout, mirror))
    .toSorted(
      (left, right) => right.risk - left.risk || right.uses - left.uses || (left.name < right.name ? -1 : 1),
    );
}
