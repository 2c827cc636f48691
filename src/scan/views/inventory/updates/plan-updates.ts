import type { Fact } from '../party.ts';
import { smallestFix } from '../affected.ts';
import type { OsvDatabase } from '../osv/database.ts';
import { identifyPackage } from '../osv/packages.ts';
import { type KnownPins, writeVersion } from './draft-update.ts';
import { ownAdvisoriesAbout } from './known-advisories.ts';
import type { Draft, Update } from './update.ts';
import type { Sighting } from '../sightings.ts';

const IN_FRONT = /^([A-Z][A-Za-z]*-[\w.-]{1,60}): /;
const AT_END = /\(([A-Z][A-Za-z]*-[\w.-]{1,60})\)$/;

/** The ids that facts name: OSV’s in front, those of our own rule at the end. */
function idsOf(facts: readonly Fact[]): readonly string[] {
  const ids = facts.flatMap(({ what }) => IN_FRONT.exec(what)?.[1] ?? AT_END.exec(what)?.[1] ?? []);
  return [...new Set(ids)];
}

/** A name that imitates another, and a commit of a fork, are not cured by another number. */
export function isCurable({ kind }: Fact): boolean {
  return kind === 'vulnerable' || kind === 'compromised';
}

function draftUpdate(
  sighting: Sighting,
  facts: readonly Fact[],
  osv: OsvDatabase | undefined,
  pins: KnownPins | undefined,
): Draft | undefined {
  const { use, reference, place } = sighting;
  const curable = facts.filter(isCurable);
  if (curable.length === 0) return undefined;
  const version = identifyPackage(sighting)?.version;
  const advisories = [
    ...(reference === undefined ? [] : ownAdvisoriesAbout(reference.repository)),
    ...(osv?.entriesAbout(sighting) ?? []).map(({ affected }) => affected),
  ];
  const fixed = smallestFix(version ?? '0', advisories);
  const shared = {
    kind: use.kind,
    name: use.name,
    place,
    from: use.pin === 'commit' ? (use.version ?? '').slice(0, 7) : (use.version ?? version ?? ''),
    closes: idsOf(curable),
  };
  const { file } = use.source;
  if (fixed === undefined) {
    const todo = 'no version is known that is free of it: look for another, or for a way to do without';
    return { update: { ...shared, to: undefined, commit: undefined, todo }, file, edits: [] };
  }
  const written = writeVersion(sighting, fixed, advisories, pins);
  const { to } = written;
  if ('todo' in written)
    return { update: { ...shared, to, commit: undefined, todo: written.todo }, file, edits: [] };
  const update: Update = { ...shared, to, commit: written.commit, todo: undefined };
  return { update, file, edits: written.edits };
}

/** For each use with a known mistake, the smallest step out of it. */
export function planUpdates(
  sightings: readonly Sighting[],
  factsAbout: (sighting: Sighting) => readonly Fact[],
  osv: OsvDatabase | undefined,
  pins: KnownPins | undefined,
): readonly Draft[] {
  return sightings.flatMap((each) => draftUpdate(each, factsAbout(each), osv, pins) ?? []);
}
