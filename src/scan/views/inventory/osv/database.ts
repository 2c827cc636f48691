import type { Advisory, Affected } from '../advisory.ts';
import { isAffected } from '../affected.ts';
import type { Fact } from '../party.ts';
import { identifyPackage, keyOf, type KnownImport } from './packages.ts';

export interface OsvEntry {
  readonly advisory: Advisory;
  readonly affected: Affected;
}

/** Advisories by what they are about. */
export interface OsvDatabase {
  /** What is known against the version that is used. */
  factsAbout(sighting: KnownImport): readonly Fact[];
  /** All that is known of a package, whatever its version. */
  entriesAbout(sighting: KnownImport): readonly OsvEntry[];
}

function toFact({ id, summary }: Advisory): Fact {
  const what = (summary ?? 'no summary').replaceAll(/\s+/g, ' ').slice(0, 140);
  return { kind: id.startsWith('MAL-') ? 'compromised' : 'vulnerable', what: `${id}: ${what}`, by: 'osv' };
}

/** Several databases write about the same mistake, each under its own name. */
function withoutAliases(advisories: readonly Advisory[]): readonly Advisory[] {
  const told = new Set<string>();
  return advisories.filter(({ id, aliases = [] }) => {
    const isTold = [id, ...aliases].some((name) => told.has(name));
    for (const name of [id, ...aliases]) told.add(name);
    return !isTold;
  });
}

export function indexAdvisories(advisories: readonly Advisory[]): OsvDatabase {
  const byKey = new Map<string, OsvEntry[]>();
  for (const advisory of advisories.filter(({ withdrawn }) => withdrawn === undefined)) {
    for (const affected of advisory.affected ?? []) {
      if (affected.package === undefined) continue;
      const key = keyOf(affected.package.ecosystem, affected.package.name);
      const before = byKey.get(key);
      if (before === undefined) byKey.set(key, [{ advisory, affected }]);
      else before.push({ advisory, affected });
    }
  }
  const entriesAbout = (sighting: KnownImport): readonly OsvEntry[] => {
    const { ecosystem = '', names = [] } = identifyPackage(sighting) ?? {};
    const keys = new Set(names.map((name) => keyOf(ecosystem, name)));
    return [...keys].flatMap((key) => byKey.get(key) ?? []);
  };
  return {
    entriesAbout,
    factsAbout: (sighting) => {
      const { version, moves = false } = identifyPackage(sighting) ?? {};
      if (version === undefined) return [];
      const hits = entriesAbout(sighting).filter(({ affected }) => isAffected(version, affected, moves));
      return withoutAliases(hits.map(({ advisory }) => advisory)).map(toFact);
    },
  };
}
