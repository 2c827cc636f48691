import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import {
  firstText,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  positionAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { otherNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingKind, ReportedDecision } from '../../reported-finding.ts';

/** `TO_VERIFY`, `To Verify` and `To verify` are one state. */
export function decisionOfState(
  state: string | undefined,
  status: string | undefined,
): ReportedDecision | undefined {
  const word = state?.toUpperCase().replaceAll(' ', '_');
  if (word === 'NOT_EXPLOITABLE') return { state: 'false-positive', reason: 'not exploitable' };
  return status?.toUpperCase() === 'FIXED' ? { state: 'fixed' } : undefined;
}

export function isConfirmed(state: string | undefined): true | undefined {
  return /^(?:confirmed|urgent)$/i.test(state ?? '') ? true : undefined;
}

export function fileOf(file: string | undefined): string | undefined {
  // Names begin with a slash that stands for the root of the repository.
  return file?.replace(/^\/+/, '');
}

export function placeOfNode(node: unknown): PlaceDraft {
  return {
    file: fileOf(textAt(node, 'fileName')),
    line: positionAt(node, 'line'),
    column: positionAt(node, 'column'),
    symbol: textAt(node, 'method'),
  };
}

/** `Maven-com.acme:cart-1.4.5`, `Npm-bluebird-3.7.2`, or the fields of the container engine. */
function packageOf(data: JsonObject): PlaceDraft['package'] {
  const own = textAt(data, 'packageName');
  const fixed = textsAt(data, 'recommendedVersion');
  if (own !== undefined) return { name: own, version: textAt(data, 'packageVersion'), fixedVersions: fixed };
  const identifier = textAt(data, 'packageIdentifier') ?? textAt(data, 'scaPackageData', 'id');
  const [, ecosystem, name, version] =
    /^([A-Za-z]{1,20})-(.{1,300})-([^-]{1,100})$/.exec(identifier ?? '') ?? [];
  return name === undefined
    ? undefined
    : { name, version, ecosystem: ecosystem?.toLowerCase(), fixedVersions: fixed };
}

const KINDS: Readonly<Record<string, FindingKind>> = {
  sast: 'code',
  kics: 'infrastructure',
  sca: 'dependency',
  'sca-container': 'container',
  containers: 'container',
  'sscs-secret-detection': 'secret',
};

function placeOfResult(data: JsonObject, kind: FindingKind): PlaceDraft {
  const nodes = listAt(data, 'nodes');
  if (nodes.length > 0) return placeOfNode(nodes.at(-1));
  const file =
    firstText(data, ['fileName', 'filename']) ?? textAt(listAt(data, 'scaPackageData', 'locations')[0]);
  const isPackage = kind === 'dependency' || kind === 'container';
  return {
    file: fileOf(file),
    line: positionAt(data, 'line'),
    package: isPackage ? packageOf(data) : undefined,
  };
}

/** A result of `cx results show --report-format json` and of the API. */
export function resultDraft(result: JsonObject): FindingDraft {
  const data = objectAt(result, 'data') ?? {};
  const details = objectAt(result, 'vulnerabilityDetails') ?? {};
  const type = textAt(result, 'type')?.toLowerCase() ?? 'sast';
  const kind = lookUp(KINDS, type) ?? 'code';
  const isAdvisory = kind === 'dependency' || kind === 'container';
  const query = textAt(data, 'queryName') ?? textAt(data, 'ruleName');
  const id = textAt(result, 'id');
  const severityText = textAt(result, 'severity');
  const state = textAt(result, 'state');
  const html = textAt(result, 'descriptionHTML');
  const similarity = textAt(result, 'similarityId');
  const ruleId = isAdvisory ? (id ?? textAt(details, 'cveName')) : (query ?? id);
  const actual = textAt(data, 'value');
  const expected = textAt(data, 'expectedValue');
  return {
    tool: 'checkmarx',
    ruleId,
    kind,
    title: (isAdvisory ? ruleId : query)?.replaceAll('_', ' '),
    description: [
      textAt(result, 'description') ?? (html === undefined ? undefined : htmlToText(html)),
      actual,
    ]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    cvss: cvssOf(numberAt(details, 'cvssScore')),
    verified: isConfirmed(state),
    cwe: cweNumbers([textAt(details, 'cweId')?.replace(/^(?=\d)/, 'CWE-'), textAt(details, 'cveName')]),
    aliases: otherNames(ruleId, [id, textAt(details, 'cveName')]),
    place: placeOfResult(data, kind),
    otherPlaces: listAt(data, 'nodes').slice(0, -1).map(placeOfNode),
    remedy: expected,
    references: listAt(data, 'packageData')
      .filter(isObject)
      .flatMap((link) => textsAt(link, 'url')),
    toolFingerprint:
      similarity === undefined || kind === 'secret' ? undefined : `${ruleId ?? ''}:${similarity}`,
    decision: decisionOfState(state, textAt(result, 'status')),
    foundAtMs: timeAt(result, 'firstFoundAt'),
    attributes: { engine: type, group: textAt(data, 'group'), state },
  };
}
