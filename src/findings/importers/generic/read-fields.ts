import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import {
  booleanAt,
  firstText,
  type JsonObject,
  listAt,
  numberAt,
  positionAt,
  textAt,
  textsAt,
  timeAt,
  valueAt,
} from '../../json-fields.ts';
import { cvssOfVector } from '../../cvss-vector.ts';
import { lookUp } from '../../look-up.ts';
import { packageOfUrl } from '../../package-url.ts';
import { otherNames } from '../../report-advisory.ts';
import { severityOfWord } from '../../report-severity.ts';
import { type FindingKind, findingKinds, type ReportedDecision } from '../../reported-finding.ts';
import type { Confidence } from '../../severity.ts';

function isKind(word: string | undefined): word is FindingKind {
  return findingKinds.some((kind) => kind === word);
}

/** `28/02/2021` where it can only be read in one way; everything else as `timeAt` reads it. */
function timeOf(item: JsonObject, ...keys: readonly string[]): number | undefined {
  const text = firstText(item, keys);
  const [, first, second, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(text ?? '') ?? [];
  if (first === undefined || second === undefined || year === undefined) return timeAt(text);
  const [day, month] = Number(first) > 12 ? [first, second] : [second, first];
  const isClear = Number(day) > 12 || first === second;
  return isClear ? timeAt(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`) : undefined;
}

/** An endpoint is an address, or an object of its parts. */
function urlOf(endpoint: unknown): string | undefined {
  const whole = textAt(endpoint);
  if (whole !== undefined) return whole;
  const host = textAt(endpoint, 'host');
  if (host === undefined) return undefined;
  const protocol = textAt(endpoint, 'protocol');
  const port = textAt(endpoint, 'port');
  const path = textAt(endpoint, 'path')?.replace(/^\//, '');
  const query = textAt(endpoint, 'query');
  const start = `${protocol === undefined ? '' : `${protocol}://`}${host}${port === undefined ? '' : `:${port}`}`;
  return `${start}${path === undefined ? '' : `/${path}`}${query === undefined ? '' : `?${query}`}`;
}

function packageOf(item: JsonObject): PlaceDraft['package'] {
  const ofUrl = packageOfUrl(firstText(item, ['purl', 'package_url']));
  const name = firstText(item, ['package', 'component_name', 'componentname']) ?? ofUrl?.name;
  if (name === undefined) return undefined;
  const fixedVersions = textsAt(item, 'fixed_version');
  return {
    ...ofUrl,
    name,
    version:
      firstText(item, ['version', 'package_version', 'component_version', 'componentversion']) ??
      ofUrl?.version,
    ecosystem: ofUrl?.ecosystem ?? textAt(item, 'ecosystem'),
    fixedVersions,
  };
}

function kindOf(item: JsonObject, place: PlaceDraft): FindingKind {
  const word = textAt(item, 'kind')?.toLowerCase();
  if (isKind(word)) return word;
  if (place.package !== undefined) return 'dependency';
  if (place.url !== undefined && place.file === undefined) return 'web';
  return place.resource !== undefined && place.file === undefined ? 'infrastructure' : 'code';
}

function decisionOf(item: JsonObject): ReportedDecision | undefined {
  const has = (...keys: readonly string[]) =>
    keys.some((key) => booleanAt(item, key) === true || textAt(item, key)?.toLowerCase() === 'true');
  if (has('false_p', 'falsepositive', 'false_positive')) return { state: 'false-positive' };
  if (has('risk_accepted', 'riskaccepted', 'accepted')) return { state: 'accepted' };
  if (has('out_of_scope', 'outofscope')) return { state: 'not-affected', reason: 'out of scope' };
  return has('is_mitigated', 'ismitigated') ? { state: 'fixed' } : undefined;
}

/** `epss_score` is a probability; tools that write a percentage are not believed. */
function epssOf(item: JsonObject): number | undefined {
  const epss = numberAt(item, 'epss_score') ?? numberAt(item, 'epss');
  return epss !== undefined && epss >= 0 && epss <= 1 ? epss : undefined;
}

function cvssOfItem(item: JsonObject) {
  for (const version of ['cvssv4', 'cvssv3', 'cvss']) {
    const score =
      numberAt(item, `${version}_score`) ?? numberAt(item, `${version}score`) ?? numberAt(item, version);
    const vector = textAt(item, version);
    const cvss = cvssOfVector(vector?.startsWith('CVSS:') === true ? vector : undefined, score);
    if (cvss !== undefined) return cvss;
  }
  return undefined;
}

function cweOf(item: JsonObject): readonly number[] {
  const values = ['cwe', 'cweid', 'cwe_id', 'cwes'].flatMap((key) => [valueAt(item, key)].flat());
  const texts = values.map((value) => (typeof value === 'number' ? `CWE-${value}` : textAt(value)));
  return cweNumbers(texts.map((text) => (/^\d{1,5}$/.test(text ?? '') ? `CWE-${text}` : text)));
}

function idsOf(item: JsonObject): readonly string[] {
  const keys = ['cve', 'vulnerability_ids', 'vulnerability_id', 'vulnerabilityid', 'aliases', 'ghsa'];
  return keys.flatMap((key) => textsAt(item, key)).flatMap((text) => text.split(/[,;\s]+/, 100));
}

const confidences: Readonly<Record<string, Confidence>> = { high: 'high', medium: 'medium', low: 'low' };

/**
 * A finding in DefectDojo's generic shape, and in the same one with the names of a table's columns: all names are
 * lower case. Unknown fields are passed over.
 */
export function draftOfFields(item: JsonObject, tool: string): FindingDraft {
  const endpoints = [...listAt(item, 'endpoints'), ...textsAt(item, 'url'), ...textsAt(item, 'endpoint')].map(
    urlOf,
  );
  const [url, ...otherUrls] = endpoints.filter((each) => each !== undefined);
  const place: PlaceDraft = {
    file: firstText(item, ['file_path', 'filepath', 'file', 'sast_sink_file_path']),
    line: positionAt(item, 'line'),
    endLine: positionAt(item, 'end_line'),
    symbol: firstText(item, ['sast_sink_object', 'symbol', 'function']),
    resource: textAt(item, 'resource'),
    image: textAt(item, 'image'),
    url,
    parameter: firstText(item, ['param', 'parameter']),
    commit: textAt(item, 'commit'),
    package: packageOf(item),
  };
  const source = firstText(item, ['sast_source_file_path']);
  const severityText = textAt(item, 'severity');
  const title = textAt(item, 'title');
  const ruleId =
    firstText(item, ['rule', 'rule_id', 'ruleid', 'vuln_id_from_tool', 'vulnidfromtool']) ?? idsOf(item)[0];
  return {
    tool,
    ruleId: ruleId ?? title,
    kind: kindOf(item, place),
    title,
    description: [textAt(item, 'description'), textAt(item, 'impact')]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    confidence: lookUp(confidences, textAt(item, 'confidence')?.toLowerCase()),
    cvss: cvssOfItem(item),
    epss: epssOf(item),
    exploited:
      booleanAt(item, 'known_exploited') === true || textAt(item, 'known_exploited') === 'True'
        ? true
        : undefined,
    verified:
      booleanAt(item, 'verified') === true || /^true$/i.test(textAt(item, 'verified') ?? '')
        ? true
        : undefined,
    cwe: cweOf(item),
    aliases: otherNames(ruleId, idsOf(item)),
    place,
    otherPlaces: [
      ...otherUrls.map((each) => ({ url: each })),
      ...(source === undefined ? [] : [{ file: source, line: positionAt(item, 'sast_source_line') }]),
    ],
    remedy: firstText(item, ['mitigation', 'remedy', 'remediation']),
    references: textsAt(item, 'references').flatMap((text) => text.split(/\s+/, 100)),
    toolFingerprint: firstText(item, ['unique_id_from_tool', 'uniqueidfromtool', 'fingerprint']),
    decision: decisionOf(item),
    foundAtMs: timeOf(item, 'date', 'found_at'),
    attributes: {
      tags: textsAt(item, 'tags').join(', '),
      service: textAt(item, 'service'),
      component: textAt(item, 'component_name'),
    },
  };
}
