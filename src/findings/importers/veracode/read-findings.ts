import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import {
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
import { advisoryNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import { linksIn } from '../../report-links.ts';
import type { FindingKind, ReportedDecision } from '../../reported-finding.ts';
import { severityOfLevel } from './severity-of-level.ts';

const KINDS: Readonly<Record<string, FindingKind>> = { DYNAMIC: 'web', SCA: 'dependency' };

/** A mitigation counts once it is approved; a closed finding that nobody mitigated is gone. */
function decisionOf(finding: JsonObject): ReportedDecision | undefined {
  const status = objectAt(finding, 'finding_status');
  const resolution = textAt(status, 'resolution');
  if (textAt(status, 'resolution_status') === 'APPROVED') {
    const isFalse = resolution === 'POTENTIAL_FALSE_POSITIVE';
    return {
      state: isFalse ? 'false-positive' : 'accepted',
      reason: `mitigation approved: ${resolution ?? ''}`.slice(0, 200),
    };
  }
  return textAt(status, 'status') === 'CLOSED' ? { state: 'fixed' } : undefined;
}

function placeOf(details: JsonObject, kind: FindingKind): PlaceDraft {
  if (kind === 'web')
    return {
      url: textAt(details, 'url') ?? textAt(details, 'path'),
      host: textAt(details, 'hostname'),
      parameter: textAt(details, 'vulnerable_parameter'),
    };
  if (kind === 'dependency') {
    const name = textAt(details, 'component_filename');
    const file = textAt(listAt(details, 'component_path')[0], 'path');
    return { file, package: name === undefined ? undefined : { name, version: textAt(details, 'version') } };
  }
  return {
    file: textAt(details, 'file_path') ?? textAt(details, 'file_name'),
    line: positionAt(details, 'file_line_number'),
    symbol: textAt(details, 'procedure'),
  };
}

/** A finding of the Findings API (`/appsec/v2/applications/{guid}/findings`). */
export function findingDraft(finding: JsonObject): FindingDraft {
  const details = objectAt(finding, 'finding_details') ?? {};
  const scan = textAt(finding, 'scan_type') ?? '';
  const kind = lookUp(KINDS, scan) ?? 'code';
  const html = textAt(finding, 'description') ?? '';
  const cwe = numberAt(details, 'cwe', 'id');
  const cve = textAt(details, 'cve', 'name');
  const issue = textAt(finding, 'issue_id');
  const name = textAt(details, 'cwe', 'name');
  return {
    tool: 'veracode',
    ruleId: cve ?? (cwe === undefined ? name : `CWE-${cwe}`),
    kind,
    title: cve === undefined ? name : `${cve} in ${textAt(details, 'component_filename') ?? 'a component'}`,
    description: htmlToText(html),
    severity: severityOfLevel(numberAt(details, 'severity')),
    severityText: textAt(details, 'severity'),
    cvss: cvssOf(
      numberAt(details, 'cve', 'cvss3', 'score') ?? numberAt(details, 'cve', 'cvss'),
      textAt(details, 'cve', 'cvss3', 'vector'),
    ),
    cwe: cwe === undefined ? [] : [cwe],
    aliases: advisoryNames([cve]),
    place: placeOf(details, kind),
    references: [...linksIn(html), ...textsAt(details, 'cve', 'href')],
    toolFingerprint: issue === undefined ? undefined : `${textAt(finding, 'context_guid') ?? ''}:${issue}`,
    decision: decisionOf(finding),
    foundAtMs: timeAt(finding, 'finding_status', 'first_found_date'),
    attributes: {
      scan,
      category: textAt(details, 'finding_category', 'name'),
      module: textAt(details, 'module'),
      violatesPolicy: textAt(finding, 'violates_policy'),
    },
  };
}
