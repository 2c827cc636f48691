import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import { cvssOfVector } from '../../cvss-vector.ts';
import { listAt, numberAt, positionAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingKind } from '../../reported-finding.ts';

/** `type` of an issue of the REST API. */
const KINDS: Readonly<Record<string, FindingKind>> = {
  package_vulnerability: 'dependency',
  license: 'licence',
  code: 'code',
  config: 'infrastructure',
  cloud: 'infrastructure',
  custom: 'code',
};

export function isIssue(item: unknown): boolean {
  return textAt(item, 'type') === 'issue' && textAt(item, 'attributes', 'key') !== undefined;
}

/** One representation of a place: a source location, a dependency, a path in a configuration, a cloud resource. */
function placeOf(representation: unknown, ecosystem: string | undefined): PlaceDraft {
  const source = valueAt(representation, 'sourceLocation');
  const dependency = valueAt(representation, 'dependency');
  return {
    file: textAt(source, 'file'),
    line: positionAt(source, 'region', 'start', 'line'),
    column: positionAt(source, 'region', 'start', 'column'),
    endLine: positionAt(source, 'region', 'end', 'line'),
    endColumn: positionAt(source, 'region', 'end', 'column'),
    commit: textAt(source, 'commit_id'),
    resource:
      textAt(representation, 'resourcePath') ?? textAt(representation, 'cloud_resource', 'resource', 'id'),
    package: packageReference({
      ecosystem,
      name: textAt(dependency, 'package_name'),
      version: textAt(dependency, 'package_version'),
    }),
  };
}

function decisionOf(attributes: unknown): FindingDraft['decision'] {
  if (textAt(attributes, 'status') === 'resolved') {
    const reason = textAt(attributes, 'resolution', 'details') ?? textAt(attributes, 'resolution', 'type');
    return { state: 'fixed', reason: reason ?? 'resolved' };
  }
  return valueAt(attributes, 'ignored') === true
    ? { state: 'accepted', reason: 'ignored in Snyk' }
    : undefined;
}

/** CISA among the sources of exploits means the catalogue of known exploited vulnerabilities. */
function isExploited(attributes: unknown): boolean {
  return listAt(attributes, 'exploit_details', 'sources').includes('CISA');
}

export function draftOfIssue(item: unknown): FindingDraft {
  const attributes = valueAt(item, 'attributes');
  const type = textAt(attributes, 'type') ?? '';
  const key = textAt(attributes, 'key');
  // `SNYK-PYTHON-PILLOW-5918878`: the second word is the ecosystem.
  const ecosystem = /^SNYK-([A-Z]{2,20})\d*-/.exec(key?.slice(0, 100) ?? '')?.[1]?.toLowerCase();
  const problems = listAt(attributes, 'problems').map((problem) => textAt(problem, 'id'));
  const [own] = listAt(attributes, 'severities');
  const word = textAt(attributes, 'effective_severity_level');
  const places = listAt(attributes, 'coordinates')
    .slice(0, 50)
    .flatMap((coordinate) => listAt(coordinate, 'representations').slice(0, 50))
    .map((representation) => placeOf(representation, ecosystem));
  // Of code the key is an id of this one issue; the rule is not named, so its title stands for it.
  const isCode = type === 'code';
  return {
    tool: 'snyk',
    kind: Object.hasOwn(KINDS, type) ? (KINDS[type] ?? 'code') : 'code',
    ruleId: isCode ? textAt(attributes, 'title') : key,
    title: textAt(attributes, 'title'),
    description: textAt(attributes, 'description'),
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    cvss: cvssOfVector(textAt(own, 'vector'), numberAt(own, 'score')),
    exploited: isExploited(attributes) ? true : undefined,
    cwe: cweNumbers(listAt(attributes, 'classes').map((each) => textAt(each, 'id'))),
    aliases: advisoryNames(problems).filter((alias) => alias !== key),
    place: places[0],
    otherPlaces: places.slice(1),
    toolFingerprint: isCode ? key : textAt(item, 'id'),
    decision: decisionOf(attributes),
    foundAtMs: timeAt(attributes, 'created_at'),
    attributes: {
      project: textAt(item, 'relationships', 'scan_item', 'data', 'id'),
      riskScore: textAt(attributes, 'risk', 'score', 'value'),
      status: textAt(attributes, 'status'),
    },
  };
}
