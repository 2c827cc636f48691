import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt, textsAt } from '../../json-fields.ts';
import { packageOfUrl } from '../../package-url.ts';
import { otherNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore } from '../../report-severity.ts';
import type { PackageReference, ReportedDecision } from '../../reported-finding.ts';

/** "Open, Acknowledged, Not Applicable, Confirmed": only two of them decide. */
function decisionOf(status: string | undefined): ReportedDecision | undefined {
  if (status === 'Not Applicable') return { state: 'not-affected', reason: 'not applicable' };
  return status === 'Acknowledged' ? { state: 'accepted', reason: 'acknowledged' } : undefined;
}

function packageOf(component: JsonObject): PackageReference | undefined {
  const ofUrl = packageOfUrl(textAt(component, 'packageUrl'));
  if (ofUrl !== undefined) return ofUrl;
  const coordinates = objectAt(component, 'componentIdentifier', 'coordinates');
  const parts = [
    textAt(coordinates, 'groupId'),
    textAt(coordinates, 'artifactId') ?? textAt(coordinates, 'name'),
  ];
  const name = parts.filter((part) => part !== undefined).join(':');
  const version = textAt(coordinates, 'version');
  const format = textAt(component, 'componentIdentifier', 'format');
  if (name === '') return undefined;
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(format === undefined ? {} : { ecosystem: format }),
  };
}

function issueDraft(issue: JsonObject, component: JsonObject): FindingDraft {
  const reference = textAt(issue, 'reference');
  const score = numberAt(issue, 'severity');
  const about = packageOf(component);
  const cwe = numberAt(issue, 'cwe');
  const paths = textsAt(component, 'pathnames');
  return {
    tool: 'sonatype',
    ruleId: reference,
    kind: 'dependency',
    title: about === undefined ? reference : `${reference ?? 'Vulnerability'} in ${about.name}`,
    // The severity of an issue is a CVSS score.
    severity: severityOfScore(score) ?? 'medium',
    severityText: textAt(issue, 'threatCategory'),
    cvss: cvssOf(score, textAt(issue, 'cvssVector')),
    cwe: cwe === undefined ? [] : [cwe],
    aliases: otherNames(reference, [reference]),
    place: { file: paths[0], package: about },
    otherPlaces: paths.slice(1, 51).map((file) => ({ file })),
    references: textsAt(issue, 'url'),
    decision: decisionOf(textAt(issue, 'status')),
    attributes: { source: textAt(issue, 'source'), match: textAt(component, 'matchState') },
  };
}

export const importer = defineImporter({
  id: 'sonatype',
  title: 'Sonatype Lifecycle',
  formats: ['JSON of `/api/v2/applications/{id}/reports/{id}/raw`'],
  kinds: ['dependency'],
  documentation: 'https://help.sonatype.com/',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json) || !Array.isArray(json['components'])) return 0;
    return objectAt(json, 'matchSummary') !== undefined ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json, 'components'), 'components', (component, at) =>
      reading.each(
        listAt(component, 'securityData', 'securityIssues'),
        `${at}.securityData.securityIssues`,
        (issue) => reading.add(issueDraft(issue, component)),
      ),
    );
    return reading.finish({ tool: 'sonatype' });
  },
});
