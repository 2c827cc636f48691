import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { cvssOf } from '../../report-cvss.ts';
import { isObject, listAt, numberAt, objectAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import type { ReportReading } from '../../report-reading.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';

const KIND =
  /^(?:Cluster)?(?:VulnerabilityReport|ConfigAuditReport|RbacAssessmentReport|InfraAssessmentReport|ExposedSecretReport|ComplianceReport|SbomReport)$/;

export function isOperatorReport(report: unknown): boolean {
  return (
    KIND.test(textAt(report, 'kind')?.slice(0, 100) ?? '') &&
    (textAt(report, 'apiVersion') ?? '').startsWith('aquasecurity.github.io/')
  );
}

/** One report, a list, a `List` of kubectl, or lists by the kind of their resources. */
export function operatorReports(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  if (!isObject(json)) return [];
  if (Array.isArray(json['items'])) return json['items'];
  const byKind = Object.entries(json).filter(([key]) => key.endsWith('.aquasecurity.github.io'));
  return byKind.length > 0 ? byKind.flatMap(([, list]) => listAt(list)) : [json];
}

interface Target extends PlaceDraft {
  readonly namespace: string | undefined;
}

/** The labels name the object of the cluster that the report is about. */
function targetOf(report: unknown): Target {
  const labels = valueAt(report, 'metadata', 'labels');
  const kind = textAt(labels, 'trivy-operator.resource.kind');
  const name = textAt(labels, 'trivy-operator.resource.name') ?? textAt(report, 'metadata', 'name');
  const artifact = valueAt(report, 'report', 'artifact');
  const repository = textAt(artifact, 'repository');
  const tag = textAt(artifact, 'tag');
  const digest = textAt(artifact, 'digest');
  const server = textAt(report, 'report', 'registry', 'server');
  const suffix = tag === undefined ? (digest === undefined ? '' : `@${digest}`) : `:${tag}`;
  return {
    resource: [kind, name].filter((each) => each !== undefined).join('/'),
    image:
      repository === undefined
        ? undefined
        : `${server === undefined ? '' : `${server}/`}${repository}${suffix}`,
    namespace: textAt(labels, 'trivy-operator.resource.namespace') ?? textAt(report, 'metadata', 'namespace'),
  };
}

function draftOfVulnerability(item: unknown, target: PlaceDraft, report: unknown): FindingDraft {
  const ruleId = textAt(item, 'vulnerabilityID');
  const name = textAt(item, 'resource');
  const fixed = textAt(item, 'fixedVersion');
  const score = numberAt(item, 'score');
  const word = textAt(item, 'severity');
  const link = textAt(item, 'primaryLink');
  const system = textAt(report, 'report', 'os', 'family');
  return {
    tool: 'trivy',
    kind: textAt(item, 'class') === 'lang-pkgs' ? 'dependency' : 'container',
    ruleId,
    title: textAt(item, 'title') ?? `${ruleId} in ${name}`,
    description: textAt(item, 'description'),
    severity: severityOfWord(word) ?? severityOfScore(score) ?? 'medium',
    severityText: word,
    cvss: cvssOf(score),
    place: {
      ...target,
      file: textAt(item, 'packagePath'),
      package: packageReference({
        ecosystem: textAt(item, 'packageType') ?? system,
        name,
        version: textAt(item, 'installedVersion'),
        purl: textAt(item, 'packagePURL'),
        fixedVersions: fixed?.split(',').map((each) => each.trim()),
      }),
    },
    remedy: fixed === undefined ? undefined : `Change ${name} to ${fixed}.`,
    references: [...(link === undefined ? [] : [link]), ...textsAt(item, 'links')],
  };
}

/** Of ConfigAudit, Rbac and Infra reports, and of compliance reports in full. */
function draftOfCheck(item: unknown, target: PlaceDraft, control?: unknown): FindingDraft | undefined {
  if (valueAt(item, 'success') === true) return undefined;
  const word = textAt(item, 'severity') ?? textAt(control, 'severity');
  const title = textAt(item, 'title');
  return {
    tool: 'trivy',
    kind: 'infrastructure',
    ruleId: textAt(item, 'checkID') ?? textAt(item, 'id') ?? title,
    title,
    description: [...textsAt(item, 'messages'), textAt(item, 'description')]
      .filter((each) => each !== undefined)
      .join('\n\n'),
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    place: { ...target, resource: textAt(item, 'target') ?? target.resource },
    remedy: textAt(item, 'remediation'),
    attributes: { category: textAt(item, 'category'), control: textAt(control, 'id') },
  };
}

/** The match is masked by Trivy; it is not kept all the same. */
function draftOfSecret(item: unknown, target: PlaceDraft): FindingDraft {
  const word = textAt(item, 'severity');
  const file = textAt(item, 'target');
  return {
    tool: 'trivy',
    kind: 'secret',
    ruleId: textAt(item, 'ruleID'),
    title: `${textAt(item, 'title') ?? textAt(item, 'ruleID') ?? 'a secret'} in ${file ?? target.image ?? 'an image'}`,
    severity: severityOfWord(word) ?? 'high',
    severityText: word,
    cwe: [798],
    place: { ...target, file },
    attributes: { category: textAt(item, 'category') },
  };
}

/** A summary only counts what failed for each control. */
function draftOfControl(item: unknown, target: PlaceDraft): FindingDraft | undefined {
  const failed = numberAt(item, 'totalFail') ?? 0;
  if (failed <= 0) return undefined;
  const word = textAt(item, 'severity');
  return {
    tool: 'trivy',
    kind: 'infrastructure',
    ruleId: textAt(item, 'id'),
    title: textAt(item, 'name'),
    description: `${failed} resources fail this control.`,
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    place: target,
  };
}

/** All findings of one report of the operator; the list that is not of its kind is not there. */
export function readOperatorReport(reading: ReportReading, report: unknown, at: string): void {
  const { namespace, ...target } = targetOf(report);
  const add = (draft: FindingDraft | undefined) => {
    if (draft !== undefined) reading.add({ ...draft, attributes: { ...draft.attributes, namespace } });
  };
  const body = objectAt(report, 'report');
  reading.each(listAt(body, 'vulnerabilities'), `${at}.report.vulnerabilities`, (item) =>
    add(draftOfVulnerability(item, target, report)),
  );
  reading.each(listAt(body, 'checks'), `${at}.report.checks`, (item) => add(draftOfCheck(item, target)));
  reading.each(listAt(body, 'secrets'), `${at}.report.secrets`, (item) => add(draftOfSecret(item, target)));
  const status = objectAt(report, 'status');
  reading.each(listAt(status, 'detailReport', 'results'), `${at}.status.detailReport`, (control, place) =>
    reading.each(listAt(control, 'checks'), `${place}.checks`, (item) =>
      add(draftOfCheck(item, target, control)),
    ),
  );
  reading.each(listAt(status, 'summaryReport', 'controlCheck'), `${at}.status.summaryReport`, (item) =>
    add(draftOfControl(item, target)),
  );
}
