import { describeGain, describeNeed } from '../../attack.ts';
import type { Edit, Finding, Fix } from '../../finding.ts';
import type { Severity } from '../../severity.ts';
import { encodeFile, toLocation } from './sarif-location.ts';

/** `error` is what a gate stops on. */
export const sarifLevels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

function toReplacement({ start, end, replacement }: Edit): object {
  return {
    deletedRegion: { charOffset: start, charLength: end - start },
    insertedContent: { text: replacement },
  };
}

function toFix({ title, edits }: Fix): object {
  const byFile = Map.groupBy(edits, ({ file }) => file);
  return {
    description: { text: title },
    artifactChanges: [...byFile].map(([file, own]) => ({
      artifactLocation: { uri: encodeFile(file), uriBaseId: '%SRCROOT%' },
      replacements: own.map(toReplacement),
    })),
  };
}

/** §3.36: the way of an attack, station by station. */
function toCodeFlows({ path, attack }: Finding): object {
  if (path === undefined) return {};
  const locations = path.map(({ label, location }) => ({ location: toLocation({ ...location, label }) }));
  const text = attack === undefined ? '' : `Reaches ${describeGain(attack)}; ${describeNeed(attack)}.`;
  const message = attack === undefined ? {} : { message: { text } };
  return { codeFlows: [{ ...message, threadFlows: [{ locations }] }] };
}

/** §3.27.23: an empty list says that nothing is suppressed, and is not the same as none. */
function toSuppressions({ suppression }: Finding): object[] {
  if (suppression === undefined) return [];
  const kind = suppression.kind === 'inline' ? 'inSource' : 'external';
  const { justification, owner, expires } = suppression;
  return [
    {
      kind,
      status: 'accepted',
      ...(justification === undefined ? {} : { justification }),
      properties: { reason: suppression.kind, ...(owner === undefined ? {} : { owner, expires }) },
    },
  ];
}

export function toSarifResult(finding: Finding, ruleIndex: number): object {
  const [place, ...related] = finding.locations;
  const { ruleId, severity, confidence, persona, message, remedy, fingerprint, owner, attack } = finding;
  return {
    ruleId,
    ruleIndex,
    kind: 'fail',
    level: sarifLevels[severity],
    message: { text: `${message}. ${remedy}` },
    locations: [toLocation(place)],
    relatedLocations: related.map((location, id) => ({ id, ...toLocation(location) })),
    ...toCodeFlows(finding),
    ...(finding.fixes.length === 0 ? {} : { fixes: finding.fixes.map(toFix) }),
    partialFingerprints: { 'vouchgateFingerprint/v1': fingerprint },
    suppressions: toSuppressions(finding),
    properties: {
      severity,
      confidence,
      persona,
      ...(owner === undefined ? {} : { owner }),
      ...(attack === undefined ? {} : { attack }),
    },
  };
}
