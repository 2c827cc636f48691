import type { Finding } from '#findings/finding.ts';
import { jobImportsOf } from '../../shared/third-parties.ts';
import type { KnownImport } from './osv/packages.ts';
import type { ViewedRepository } from '../../view.ts';
import type { OsvDatabase } from './osv/database.ts';
import type { ArchiveKnowledge } from './archive-knowledge.ts';
import type { Mirror } from './mirror.ts';
import type { Fact } from './party.ts';

/** One use of something of others. */
export interface Sighting extends KnownImport {
  readonly from: ViewedRepository;
  /** `file:line`, behind the prefix of its repository. */
  readonly place: string;
}

/** What can be asked about a third party; each may be missing. */
export interface Sources {
  readonly osv: OsvDatabase | undefined;
  readonly mirror: Mirror | undefined;
  readonly archives: ArchiveKnowledge | undefined;
}

/** Rules that know something about a third party; their tables are dated, and need no network. */
export const MARKING_RULES: Readonly<Record<string, Fact['kind']>> = {
  'compromised-action': 'compromised',
  'typosquatted-action': 'typosquat',
  'vulnerable-action': 'vulnerable',
  'archived-action': 'archived',
};

export function sightingsIn(
  repositories: readonly ViewedRepository[],
  mirror: Mirror | undefined,
): readonly Sighting[] {
  return repositories.flatMap((from) =>
    from.scan.repository.pipelines.flatMap((pipeline) =>
      jobImportsOf(pipeline)
        .filter(({ use }) => use.origin !== 'own')
        .map((each): Sighting => {
          const { source, span, pin } = each.use;
          const { repository, ref } = each.reference ?? {};
          const tagged =
            pin === 'commit' && repository !== undefined && ref !== undefined
              ? mirror?.versionAt(repository, ref)
              : undefined;
          return {
            ...each,
            from,
            tagged,
            place: `${from.prefix}${source.file}:${source.position(span.start).line}`,
          };
        }),
    ),
  );
}

/** Findings by the place that they are about. */
function factsOfFindings(findings: readonly Finding[]): ReadonlyMap<string, readonly Fact[]> {
  const marks = findings.flatMap(({ ruleId, message, locations: [{ file, start }] }) => {
    const kind = Object.hasOwn(MARKING_RULES, ruleId) ? MARKING_RULES[ruleId] : undefined;
    return kind === undefined
      ? []
      : [{ at: `${file}:${start.offset}`, mark: { kind, what: message, by: ruleId } }];
  });
  const byPlace = Map.groupBy(marks, ({ at }) => at);
  return new Map([...byPlace].map(([at, same]) => [at, same.map(({ mark }) => mark)]));
}

/** Undefined where nobody knows: there is no mirror, or the commit is not in it. */
export function isImpostor({ use, reference }: Sighting, mirror: Mirror | undefined): boolean | undefined {
  if (use.pin !== 'commit' || reference?.ref === undefined || mirror === undefined) return undefined;
  const verdict = mirror.owns(reference.repository, reference.ref);
  return verdict === 'unknown' ? undefined : verdict === 'no';
}

const IMPOSTOR: Fact = {
  kind: 'impostor',
  what: 'the commit is on no branch or tag of the repository: it is of a fork',
  by: 'mirror',
};

/** The same mistake, told by our table and by OSV, is one. */
function distinctFacts(facts: readonly Fact[]): readonly Fact[] {
  const told: string[] = [];
  return facts.filter(({ kind, what }) => {
    const id = /(?:GHSA-[\w-]{14}|CVE-\d{4}-\d{1,9})/.exec(what)?.[0];
    const key = kind === 'archived' ? kind : (id ?? `${kind} ${what}`);
    if (told.includes(key)) return false;
    told.push(key);
    return true;
  });
}

/** Everything that is known against one use. */
export function factsIn(
  repositories: readonly ViewedRepository[],
  { osv, mirror, archives }: Sources,
): (sighting: Sighting) => readonly Fact[] {
  const known = new Map(repositories.map((each) => [each, factsOfFindings(each.scan.findings)]));
  return (each) => {
    const { source, span } = each.use;
    const archived =
      each.reference === undefined ? undefined : archives?.factAbout(each.reference.repository);
    return distinctFacts([
      ...(isImpostor(each, mirror) === true ? [IMPOSTOR] : []),
      ...(known.get(each.from)?.get(`${source.file}:${span.start}`) ?? []),
      ...(archived === undefined ? [] : [archived]),
      ...(osv?.factsAbout(each) ?? []),
    ]);
  };
}
