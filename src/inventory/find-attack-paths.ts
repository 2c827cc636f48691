import { describeNeed } from '#findings/attack.ts';
import type { Finding } from '#findings/finding.ts';
import { isAtLeast } from '#findings/severity.ts';
import { type Change, changesOf } from '#scan/views/causes/attack-changes.ts';
import { patchOf, placeOf, stationOf, type Texts } from './describe-findings.ts';
import type { AttackChange, AttackPath } from './inspected-repository.ts';
import { shorten } from './show-text.ts';

const PATHS_MAX = 500;
const STATIONS_MAX = 30;
const REACHES_MAX = 50;

/** An attack that is worth somebody's while: one that gets nothing stays a finding. */
export function isAttackPath({ attack, persona, severity, suppression }: Finding): boolean {
  return (
    attack !== undefined &&
    suppression === undefined &&
    persona === 'regular' &&
    isAtLeast(severity, 'medium')
  );
}

function describeChange(
  change: Change,
  finding: Finding,
  closes: ReadonlyMap<string, number>,
  texts: Texts,
): AttackChange {
  const { id, kind, what, file, line, cost, fix } = change;
  const chosen = finding.fixes.find(({ safety }) => safety === 'safe') ?? finding.fixes[0];
  return {
    kind,
    what: shorten(what, 600),
    file,
    line,
    cost,
    closes: closes.get(id) ?? 1,
    fix: fix === undefined || chosen === undefined ? undefined : patchOf(chosen, texts),
  };
}

function describePath(
  finding: Finding,
  changes: readonly Change[],
  closes: ReadonlyMap<string, number>,
  texts: Texts,
): AttackPath[] {
  const { attack, path = [], locations } = finding;
  if (attack === undefined) return [];
  const stations = path.slice(0, STATIONS_MAX).map(({ label, location }) => stationOf(label, location));
  const files = [...stations.map(({ place }) => place.file), locations[0].file];
  return [
    {
      id: finding.fingerprint,
      ruleId: finding.ruleId,
      severity: finding.severity,
      title: shorten(finding.message, 600),
      explanation: shorten(finding.explanation, 2_000),
      pipeline: files[0] ?? locations[0].file,
      pipelines: [...new Set(files)],
      place: placeOf(locations[0]),
      startedBy: stations[0]?.label ?? 'whoever can start the pipeline',
      complexity: attack.complexity,
      needs: shorten(describeNeed(attack)),
      reaches: attack.reaches.slice(0, REACHES_MAX).map((each) => shorten(each, 200)),
      stations,
      changes: changes
        .map((change) => describeChange(change, finding, closes, texts))
        .toSorted((left, right) => left.cost - right.cost || right.closes - left.closes),
    },
  ];
}

/** Every way from somebody outside into the project, with what ends it; the worst first. */
export function findAttackPaths(findings: readonly Finding[], texts: Texts): AttackPath[] {
  const ways = findings.filter(isAttackPath).map((finding) => ({ finding, changes: changesOf(finding) }));
  const closes = new Map<string, number>();
  for (const { changes } of ways) {
    for (const { id } of changes) closes.set(id, (closes.get(id) ?? 0) + 1);
  }
  return ways
    .slice(0, PATHS_MAX)
    .flatMap(({ finding, changes }) => describePath(finding, changes, closes, texts));
}
