import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
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
import { severityOfWord } from '../../report-severity.ts';
import type { FindingKind, ReportedDecision } from '../../reported-finding.ts';
import { toolFamily } from '../../tool-family.ts';

/** "AWS Security Finding Format", `Workflow.Status`; an archived record is no longer found. */
function decisionOf(finding: JsonObject): ReportedDecision | undefined {
  const status = textAt(finding, 'Workflow', 'Status');
  if (status === 'SUPPRESSED') return { state: 'accepted', reason: 'suppressed in Security Hub' };
  if (status === 'RESOLVED') return { state: 'fixed' };
  return textAt(finding, 'RecordState') === 'ARCHIVED' ? { state: 'fixed', reason: 'archived' } : undefined;
}

/** `arn:aws:securityhub:eu-west-1::product/aws/inspector` names the product last. */
function toolOf(finding: JsonObject): string {
  const product = textAt(finding, 'ProductArn')?.split('/').at(-1);
  return toolFamily(textAt(finding, 'ProductName') ?? product) ?? 'asff';
}

function packagePlaces(vulnerability: unknown): readonly PlaceDraft[] {
  return listAt(vulnerability, 'VulnerablePackages').flatMap((about) => {
    const name = textAt(about, 'Name');
    if (name === undefined) return [];
    const fixed = textAt(about, 'FixedInVersion');
    return [
      {
        file: textAt(about, 'FilePath'),
        package: {
          name,
          version: textAt(about, 'Version'),
          ecosystem: textAt(about, 'PackageManager')?.toLowerCase(),
          fixedVersions: fixed === undefined || fixed === 'NotAvailable' ? [] : [fixed],
        },
      },
    ];
  });
}

function kindOf(resource: unknown, hasVulnerability: boolean): FindingKind {
  if (!hasVulnerability) return 'infrastructure';
  return /Container/.test(textAt(resource, 'Type') ?? '') ? 'container' : 'dependency';
}

function cvssOfVulnerability(vulnerability: unknown) {
  const cvss = listAt(vulnerability, 'Cvss').at(-1);
  return cvssOf(numberAt(cvss, 'BaseScore'), textAt(cvss, 'BaseVector'));
}

function findingDraft(finding: JsonObject): FindingDraft {
  const [resource] = listAt(finding, 'Resources');
  const [vulnerability] = listAt(finding, 'Vulnerabilities');
  const [place = {}, ...otherPlaces] = packagePlaces(vulnerability);
  const id = textAt(finding, 'Id');
  const ruleId =
    textAt(vulnerability, 'Id') ??
    textAt(finding, 'Compliance', 'SecurityControlId') ??
    textsAt(finding, 'Types')[0];
  const severityText = textAt(finding, 'Severity', 'Label');
  const epss = numberAt(vulnerability, 'EpssScore');
  return {
    tool: toolOf(finding),
    ruleId: ruleId ?? textAt(finding, 'GeneratorId'),
    kind: kindOf(resource, vulnerability !== undefined),
    title: textAt(finding, 'Title'),
    description: textAt(finding, 'Description'),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    cvss: cvssOfVulnerability(vulnerability),
    epss: epss !== undefined && epss >= 0 && epss <= 1 ? epss : undefined,
    exploited: textAt(vulnerability, 'ExploitAvailable') === 'YES' ? true : undefined,
    aliases: otherNames(ruleId, [
      textAt(vulnerability, 'Id'),
      ...textsAt(vulnerability, 'RelatedVulnerabilities'),
    ]),
    place: { ...place, resource: textAt(resource, 'Id') },
    otherPlaces,
    remedy: textAt(finding, 'Remediation', 'Recommendation', 'Text'),
    references: [
      ...textsAt(finding, 'Remediation', 'Recommendation', 'Url'),
      ...textsAt(finding, 'SourceUrl'),
      ...textsAt(vulnerability, 'ReferenceUrls'),
    ],
    toolFingerprint: id,
    decision: decisionOf(finding),
    foundAtMs: timeAt(finding, 'FirstObservedAt') ?? timeAt(finding, 'CreatedAt'),
    attributes: {
      account: textAt(finding, 'AwsAccountId'),
      region: textAt(finding, 'Region') ?? textAt(resource, 'Region'),
      resourceType: textAt(resource, 'Type'),
      generator: textAt(finding, 'GeneratorId'),
    },
  };
}

function findingsOf(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  return objectAt(json) !== undefined && 'Findings' in Object(json) ? listAt(json, 'Findings') : [json];
}

function isFinding(value: unknown): boolean {
  return isObject(value) && 'SchemaVersion' in value && 'ProductArn' in value && 'GeneratorId' in value;
}

export const importer = defineImporter({
  id: 'asff',
  title: 'AWS Security Finding Format',
  formats: ['JSON of `aws securityhub get-findings`, and lists of findings'],
  kinds: ['infrastructure', 'dependency', 'container'],
  documentation: 'https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html',

  recognise({ shape, json }) {
    return (shape === 'json' || shape === 'ndjson') && isFinding(findingsOf(json)[0]) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(findingsOf(content.json), 'Findings', (finding) => {
      // Controls that passed are listed too.
      if (textAt(finding, 'Compliance', 'Status') !== 'PASSED') reading.add(findingDraft(finding));
    });
    return reading.finish({ tool: 'asff' });
  },
});
