import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { numberAt, positionAt, timeAt } from '../../json-fields.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import type { ReportedDecision } from '../../reported-finding.ts';
import { elementAt, elementsOf, type XmlElement } from '../../xml.ts';
import { severityOfLevel } from './severity-of-level.ts';

/** "Mitigation accepted": a reviewer agreed with what the last mitigation proposes. */
function decisionOf(flaw: XmlElement): ReportedDecision | undefined {
  const { mitigation_status: mitigated, remediation_status: remediation } = flaw.attributes;
  if (remediation === 'Fixed') return { state: 'fixed' };
  if (mitigated !== 'accepted') return undefined;
  const mitigations = elementsOf(elementAt(flaw, 'mitigations'), 'mitigation').map(
    ({ attributes }) => attributes,
  );
  const isFalse = mitigations.some(({ action = '' }) => /false positive/i.test(action));
  const last = mitigations.at(-1);
  return {
    state: isFalse ? 'false-positive' : 'accepted',
    reason: (last?.['description'] ?? 'mitigation accepted').slice(0, 2_000),
    ...(last?.['user'] === undefined ? {} : { by: last['user'].slice(0, 200) }),
  };
}

/** Texts of a category are attributes of paragraphs and their bullets. */
function paragraphs(element: XmlElement | undefined): string {
  return elementsOf(element, 'para')
    .flatMap((para) => [
      para.attributes['text'] ?? '',
      ...elementsOf(para, 'bulletitem').map(({ attributes }) => `- ${attributes['text'] ?? ''}`),
    ])
    .join('\n');
}

function flawDraft(flaw: XmlElement, cwe: XmlElement, category: XmlElement, app: string): FindingDraft {
  const fields = flaw.attributes;
  const cweId = fields['cweid'] ?? cwe.attributes['cweid'];
  const url = fields['url'];
  const folder = fields['sourcefilepath'] ?? '';
  const file =
    fields['sourcefile'] === undefined
      ? undefined
      : `${folder}${folder === '' || folder.endsWith('/') ? '' : '/'}${fields['sourcefile']}`;
  return {
    tool: 'veracode',
    ruleId: cweId === undefined ? fields['categoryname'] : `CWE-${cweId}`,
    kind: url === undefined ? 'code' : 'web',
    title: cwe.attributes['cwename'] ?? fields['categoryname'],
    description: [fields['description'] ?? '', paragraphs(elementAt(category, 'desc'))]
      .filter((text) => text !== '')
      .join('\n\n'),
    severity: severityOfLevel(numberAt(fields, 'severity')),
    severityText: fields['severity'],
    cwe: cweId === undefined ? [] : [Number(cweId)],
    place: {
      file,
      line: positionAt(fields, 'line'),
      symbol: fields['functionprototype'],
      url,
      parameter: fields['vuln_parameter'],
    },
    remedy: paragraphs(elementAt(category, 'recommendations')),
    toolFingerprint: fields['issueid'] === undefined ? undefined : `${app}:${fields['issueid']}`,
    decision: decisionOf(flaw),
    foundAtMs: timeAt(fields['date_first_occurrence']),
    attributes: { category: fields['categoryname'], module: fields['module'], type: fields['type'] },
  };
}

function componentDraft(component: XmlElement, vulnerability: XmlElement): FindingDraft {
  const fields = component.attributes;
  const about = vulnerability.attributes;
  const [ecosystem, ...parts] = (fields['library_id'] ?? '').split(':');
  const known = parts
    .slice(0, -2)
    .filter((part) => part !== '')
    .join(':');
  const name = known === '' ? (fields['library'] ?? fields['file_name'] ?? 'a component') : known;
  const path = elementAt(component, 'file_paths', 'file_path')?.attributes['value'];
  const accepted =
    about['mitigation'] === 'true' ||
    elementsOf(elementAt(vulnerability, 'mitigations'), 'mitigation').some(({ attributes }) =>
      /approved|accepted/i.test(attributes['action'] ?? ''),
    );
  return {
    tool: 'veracode',
    ruleId: about['cve_id'],
    kind: 'dependency',
    title: `${about['cve_id'] ?? 'Vulnerability'} in ${name}`,
    description: about['cve_summary'],
    severity: severityOfLevel(numberAt(about, 'severity')),
    severityText: about['severity_desc'] ?? about['severity'],
    cvss: cvssOf(numberAt(about, 'cvss_score')),
    cwe: cweNumbers([about['cwe_id']]),
    aliases: advisoryNames([about['cve_id']]),
    place: {
      file: path,
      package: { name, version: fields['version'], ecosystem: ecosystem === '' ? undefined : ecosystem },
    },
    decision: accepted ? { state: 'accepted', reason: 'mitigation approved' } : undefined,
    foundAtMs: timeAt(about['first_found_date']),
    attributes: { vendor: fields['vendor'], fileName: fields['file_name'] },
  };
}

/** Flaws of a `detailedreport`, and the vulnerable components at its end. */
export function* readDetailedReport(report: XmlElement): Generator<FindingDraft> {
  const app = report.attributes['app_id'] ?? '';
  for (const severity of elementsOf(report, 'severity'))
    for (const category of elementsOf(severity, 'category'))
      for (const cwe of elementsOf(category, 'cwe'))
        for (const list of ['staticflaws', 'dynamicflaws', 'manualflaws'])
          for (const flaw of elementsOf(elementAt(cwe, list), 'flaw'))
            yield flawDraft(flaw, cwe, category, app);
  const components = elementAt(report, 'software_composition_analysis', 'vulnerable_components');
  for (const component of elementsOf(components, 'component'))
    for (const vulnerability of elementsOf(elementAt(component, 'vulnerabilities'), 'vulnerability'))
      yield componentDraft(component, vulnerability);
}
