import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import {
  booleanAt,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  positionAt,
  textAt,
  textsAt,
} from '../../json-fields.ts';
import { cvssOf } from '../../report-cvss.ts';
import { severityOfWord } from '../../report-severity.ts';
import { findingKinds, type ReportedDecision } from '../../reported-finding.ts';
import { type Confidence, confidences } from '../../severity.ts';
import { toolFamily } from '../../tool-family.ts';

const DECISIONS: readonly ReportedDecision['state'][] = [
  'accepted',
  'false-positive',
  'not-affected',
  'fixed',
];

function placeOf(place: unknown): PlaceDraft {
  const about = objectAt(place, 'package');
  const name = textAt(about, 'name');
  return {
    file: textAt(place, 'file'),
    line: positionAt(place, 'line'),
    column: positionAt(place, 'column'),
    endLine: positionAt(place, 'endLine'),
    endColumn: positionAt(place, 'endColumn'),
    symbol: textAt(place, 'symbol'),
    resource: textAt(place, 'resource'),
    url: textAt(place, 'url'),
    method: textAt(place, 'method'),
    parameter: textAt(place, 'parameter'),
    host: textAt(place, 'host'),
    image: textAt(place, 'image'),
    commit: textAt(place, 'commit'),
    package:
      name === undefined
        ? undefined
        : {
            name,
            version: textAt(about, 'version'),
            purl: textAt(about, 'purl'),
            ecosystem: textAt(about, 'ecosystem'),
            fixedVersions: textsAt(about, 'fixedVersions'),
            dependencyPath: textsAt(about, 'dependencyPath'),
          },
  };
}

function decisionOf(item: JsonObject): ReportedDecision | undefined {
  const state = DECISIONS.find((each) => each === textAt(item, 'decision', 'state'));
  if (state === undefined) return undefined;
  const reason = textAt(item, 'decision', 'reason')?.slice(0, 2_000);
  const by = textAt(item, 'decision', 'by')?.slice(0, 200);
  return { state, ...(reason === undefined ? {} : { reason }), ...(by === undefined ? {} : { by }) };
}

function attributesOf(item: JsonObject): Record<string, string> {
  const entries = Object.entries(objectAt(item, 'attributes') ?? {}).slice(0, 100);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

/** Whether it is a finding as `vouchgate import --dry-run --format json` prints it. */
export function isOwnShape(item: unknown): boolean {
  return isObject(item) && typeof item['ruleId'] === 'string' && isObject(item['place']);
}

/** A finding in the shape of `ReportedFinding`; what is missing is left out. */
export function draftOfOwnShape(item: JsonObject, tool: string): FindingDraft {
  const kind = textAt(item, 'kind');
  const confidence: Confidence | undefined = confidences.find((each) => each === textAt(item, 'confidence'));
  const epss = numberAt(item, 'epss');
  const foundAtMs = numberAt(item, 'foundAtMs');
  return {
    tool: toolFamily(textAt(item, 'tool')) ?? tool,
    ruleId: textAt(item, 'ruleId'),
    kind: findingKinds.find((each) => each === kind) ?? 'code',
    title: textAt(item, 'title'),
    description: textAt(item, 'description'),
    severity: severityOfWord(textAt(item, 'severity')) ?? 'medium',
    severityText: textAt(item, 'severityText'),
    confidence,
    cvss: cvssOf(numberAt(item, 'cvss', 'score'), textAt(item, 'cvss', 'vector')),
    epss: epss !== undefined && epss >= 0 && epss <= 1 ? epss : undefined,
    exploited: booleanAt(item, 'exploited'),
    verified: booleanAt(item, 'verified'),
    cwe: listAt(item, 'cwe').map(Number),
    aliases: textsAt(item, 'aliases'),
    place: placeOf(item['place']),
    otherPlaces: listAt(item, 'otherPlaces').slice(0, 50).map(placeOf),
    snippet: textAt(item, 'snippet'),
    remedy: textAt(item, 'remedy'),
    references: textsAt(item, 'references'),
    toolFingerprint: textAt(item, 'toolFingerprint'),
    decision: decisionOf(item),
    foundAtMs: foundAtMs !== undefined && foundAtMs > 0 ? foundAtMs : undefined,
    attributes: attributesOf(item),
  };
}
