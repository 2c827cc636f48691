import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  booleanAt,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { otherNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';
import type { ReportedDecision } from '../../reported-finding.ts';

/** `findingInfo.status`; an active one decides nothing. */
function decisionOf(info: JsonObject | undefined): ReportedDecision | undefined {
  const status = textAt(info, 'status');
  const comment = textAt(info, 'comment', 'text') ?? textAt(info, 'comment');
  const why = comment === undefined ? {} : { reason: comment.slice(0, 2_000) };
  if (status === 'LIBRARY_REMOVED') return { state: 'fixed', reason: 'the library was removed' };
  if (status === 'IGNORED' || status === 'SUPPRESSED') return { state: 'accepted', ...why };
  return undefined;
}

function severityOf(word: string | undefined, score: number | undefined) {
  return severityOfWord(word) ?? severityOfScore(score) ?? ('medium' as const);
}

/** A finding of the API 3.0 ("Get project security findings"). */
function findingDraft(finding: JsonObject): FindingDraft {
  const vulnerability = objectAt(finding, 'vulnerability') ?? {};
  const component = objectAt(finding, 'component') ?? {};
  const name = textAt(finding, 'name') ?? textAt(vulnerability, 'name');
  const score = numberAt(vulnerability, 'score');
  const severityText = textAt(vulnerability, 'severity');
  const group = textAt(component, 'groupId');
  const artifact = textAt(component, 'artifactId') ?? textAt(component, 'name');
  const isMaven = textAt(component, 'libraryType') === 'MAVEN_ARTIFACT' && group !== undefined;
  // A percentage, unlike FIRST's own number.
  const epss = numberAt(finding, 'threatAssessment', 'epssPercentage');
  const fix = textAt(finding, 'topFix', 'fixResolution');
  return {
    tool: 'mend',
    ruleId: name,
    kind: 'dependency',
    title: artifact === undefined ? name : `${name ?? 'Vulnerability'} in ${artifact}`,
    description: textAt(vulnerability, 'description'),
    severity: severityOf(severityText, score),
    severityText,
    cvss: cvssOf(score, textAt(finding, 'scoreMetadataVector')),
    epss: epss !== undefined && epss >= 0 && epss <= 100 ? epss / 100 : undefined,
    exploited: booleanAt(finding, 'exploitable') === true ? true : undefined,
    aliases: otherNames(name, [name]),
    place: {
      file: textAt(component, 'path'),
      package:
        artifact === undefined
          ? undefined
          : {
              name: isMaven ? `${group}:${artifact}` : artifact,
              version: textAt(component, 'version'),
              ecosystem: isMaven ? 'maven' : undefined,
            },
    },
    remedy:
      fix === undefined || fix === 'no_fix'
        ? undefined
        : `${textAt(finding, 'topFix', 'message') ?? 'Upgrade to'}: ${fix}`,
    references: textsAt(finding, 'topFix', 'url'),
    toolFingerprint: textAt(finding, 'uuid'),
    decision: decisionOf(objectAt(finding, 'findingInfo')),
    foundAtMs: timeAt(finding, 'findingInfo', 'detectedAt'),
    attributes: {
      project: textAt(finding, 'project', 'name'),
      dependency: textAt(component, 'dependencyType'),
      exploitMaturity: textAt(finding, 'threatAssessment', 'exploitCodeMaturity'),
    },
  };
}

/** A vulnerability of the older report ("vulnerabilities"). */
function vulnerabilityDraft(vulnerability: JsonObject): FindingDraft {
  const name = textAt(vulnerability, 'name');
  const library = objectAt(vulnerability, 'library') ?? {};
  const artifact = textAt(library, 'artifactId') ?? textAt(library, 'name');
  const score = numberAt(vulnerability, 'cvss3_score') ?? numberAt(vulnerability, 'score');
  const severityText = textAt(vulnerability, 'cvss3_severity') ?? textAt(vulnerability, 'severity');
  const places = listAt(vulnerability, 'locations').flatMap((location) => textAt(location, 'path') ?? []);
  return {
    tool: 'mend',
    ruleId: name,
    kind: 'dependency',
    title: artifact === undefined ? name : `${name ?? 'Vulnerability'} in ${artifact}`,
    description: textAt(vulnerability, 'description'),
    severity: severityOf(severityText, score),
    severityText,
    cvss: cvssOf(score, textAt(vulnerability, 'scoreMetadataVector')),
    aliases: otherNames(name, [name]),
    place: {
      file: places[0],
      package: artifact === undefined ? undefined : { name: artifact, version: textAt(library, 'version') },
    },
    otherPlaces: places.slice(1).map((file) => ({ file })),
    remedy: textAt(vulnerability, 'topFix', 'fixResolution'),
    references: [...textsAt(vulnerability, 'topFix', 'url'), ...textsAt(vulnerability, 'url')],
    attributes: { project: textAt(vulnerability, 'project') },
  };
}

function isFinding(value: unknown): boolean {
  return (
    isObject(value) &&
    isObject(value['component']) &&
    isObject(value['vulnerability']) &&
    'findingInfo' in value
  );
}

function isVulnerability(value: unknown): boolean {
  return (
    isObject(value) &&
    isObject(value['library']) &&
    ('scoreMetadataVector' in value || 'topFix' in value || 'lastUpdatedDate' in value)
  );
}

export const importer = defineImporter({
  id: 'mend',
  title: 'Mend',
  formats: ['JSON of the API 3.0, security findings of a project', 'JSON of the vulnerability report'],
  kinds: ['dependency'],
  documentation: 'https://api-docs.mend.io/platform/3.0',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json)) return 0;
    const response = listAt(json, 'response');
    if (isFinding(response[0]) || isVulnerability(listAt(json, 'vulnerabilities')[0])) return 2;
    return Array.isArray(json['response']) && response.length === 0 && 'supportToken' in json ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const response = listAt(content.json, 'response');
    reading.each(response, 'response', (finding) => reading.add(findingDraft(finding)));
    reading.expectTotal('response', response.length, numberAt(content.json, 'additionalData', 'totalItems'));
    reading.each(listAt(content.json, 'vulnerabilities'), 'vulnerabilities', (vulnerability) =>
      reading.add(vulnerabilityDraft(vulnerability)),
    );
    return reading.finish({ tool: 'mend' });
  },
});
