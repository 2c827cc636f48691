import type { FindingDraft } from '../../build-reported-finding.ts';
import { cell, type CsvRow, csvColumns, readCsv } from '../../csv.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, textAt, textsAt, timeAt } from '../../json-fields.ts';
import { linksIn } from '../../report-links.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

/** What the table and the OCSF list both say. */
interface Check {
  readonly id: string | undefined;
  readonly uid: string | undefined;
  readonly title: string | undefined;
  readonly status: string | undefined;
  readonly detail: string | undefined;
  readonly muted: boolean;
  readonly severity: string | undefined;
  readonly resource: string | undefined;
  readonly texts: readonly (string | undefined)[];
  readonly remedy: string | undefined;
  readonly links: readonly string[];
  readonly ranAtMs: number | undefined;
  readonly provider: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly service: string | undefined;
}

function checkDraft(check: Check): FindingDraft {
  return {
    tool: 'prowler',
    ruleId: check.id,
    kind: 'infrastructure',
    title: check.title,
    description: [check.detail, ...check.texts].filter((text) => text !== undefined).join('\n\n'),
    severity: severityOfWord(check.severity) ?? 'medium',
    severityText: check.severity,
    place: { resource: check.resource },
    remedy: check.remedy,
    references: check.links,
    // Check, account, region and resource: the same in every run.
    toolFingerprint: check.uid,
    decision: check.muted ? { state: 'accepted', reason: 'muted in Prowler' } : undefined,
    foundAtMs: check.ranAtMs,
    attributes: {
      provider: check.provider,
      account: check.account,
      region: check.region,
      service: check.service,
    },
  };
}

function checkOfRow(row: CsvRow): Check {
  return {
    id: cell(row, 'check_id'),
    uid: cell(row, 'finding_uid', 'finding_unique_id'),
    title: cell(row, 'check_title'),
    status: cell(row, 'status'),
    detail: cell(row, 'status_extended'),
    muted: cell(row, 'muted')?.toLowerCase() === 'true',
    severity: cell(row, 'severity'),
    resource: cell(row, 'resource_uid', 'resource_arn', 'resource_id', 'resource_name'),
    texts: [cell(row, 'description'), cell(row, 'risk')],
    remedy: cell(row, 'remediation_recommendation_text'),
    links: linksIn(cell(row, 'remediation_recommendation_url'), cell(row, 'related_url')),
    ranAtMs: timeAt(cell(row, 'timestamp', 'assessment_start_time')),
    provider: cell(row, 'provider'),
    account: cell(row, 'account_uid', 'account_id'),
    region: cell(row, 'region'),
    service: cell(row, 'service_name'),
  };
}

/** An entry of the JSON of Prowler 3. */
function checkOfEntry(entry: JsonObject): Check {
  const status = textAt(entry, 'Status');
  return {
    id: textAt(entry, 'CheckID'),
    uid: textAt(entry, 'FindingUniqueId'),
    title: textAt(entry, 'CheckTitle'),
    // What the allow list names is written as a warning.
    status: status === 'WARNING' ? 'FAIL' : status,
    detail: textAt(entry, 'StatusExtended'),
    muted: status === 'WARNING',
    severity: textAt(entry, 'Severity'),
    resource: textAt(entry, 'ResourceArn') ?? textAt(entry, 'ResourceId'),
    texts: [textAt(entry, 'Description'), textAt(entry, 'Risk')],
    remedy: textAt(entry, 'Remediation', 'Recommendation', 'Text'),
    links: linksIn(textAt(entry, 'Remediation', 'Recommendation', 'Url'), textAt(entry, 'RelatedUrl')),
    ranAtMs: timeAt(entry, 'AssessmentStartTime'),
    provider: textAt(entry, 'Provider'),
    account: textAt(entry, 'AccountId'),
    region: textAt(entry, 'Region'),
    service: textAt(entry, 'ServiceName'),
  };
}

function checkOfEvent(event: JsonObject): Check {
  if ('CheckID' in event) return checkOfEntry(event);
  const resource = listAt(event, 'resources')[0];
  return {
    id: textAt(event, 'metadata', 'event_code'),
    uid: textAt(event, 'finding_info', 'uid'),
    title: textAt(event, 'finding_info', 'title'),
    status: textAt(event, 'status_code'),
    detail: textAt(event, 'status_detail') ?? textAt(event, 'message'),
    muted: textAt(event, 'status') === 'Suppressed',
    severity: textAt(event, 'severity'),
    resource: textAt(resource, 'uid') ?? textAt(resource, 'name'),
    texts: [textAt(event, 'finding_info', 'desc'), textAt(event, 'risk_details')],
    remedy: textAt(event, 'remediation', 'desc'),
    links: linksIn(...textsAt(event, 'remediation', 'references'), textAt(event, 'unmapped', 'related_url')),
    ranAtMs: timeAt(event, 'finding_info', 'created_time') ?? timeAt(event, 'time'),
    provider: textAt(event, 'cloud', 'provider'),
    account: textAt(event, 'cloud', 'account', 'uid'),
    region: textAt(event, 'cloud', 'region') ?? textAt(resource, 'region'),
    service: textAt(resource, 'group', 'name'),
  };
}

/** `PASS` is in order, `MANUAL` was not checked; neither is a finding. */
function addFailed(checks: readonly Check[], reading: ReportReading): void {
  const manual = checks.filter(({ status }) => status === 'MANUAL').length;
  for (const check of checks) if (check.status === 'FAIL') reading.add(checkDraft(check));
  if (manual > 0) reading.warn('status', `${manual} checks are to be done by hand; they are no findings`);
}

export const importer = defineImporter({
  id: 'prowler',
  title: 'Prowler',
  formats: ['CSV of Prowler 3 to 5', 'JSON-OCSF of Prowler 4 and 5', 'JSON of Prowler 3'],
  kinds: ['infrastructure'],
  documentation: 'https://docs.prowler.com/projects/prowler-open-source/en/latest/tutorials/reporting/',

  recognise(content) {
    if (content.shape === 'text') {
      const columns = csvColumns(content);
      const hasId = columns.includes('finding_uid') || columns.includes('finding_unique_id');
      return hasId && columns.includes('check_id') && columns.includes('status_extended') ? 2 : 0;
    }
    if (content.shape !== 'json' || !Array.isArray(content.json)) return 0;
    const first: unknown = content.json[0];
    if (textAt(first, 'metadata', 'product', 'name') === 'Prowler') return 2;
    return textAt(first, 'CheckID') !== undefined && textAt(first, 'FindingUniqueId') !== undefined ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const checks =
      content.shape === 'text'
        ? readCsv(content.text).rows.map(checkOfRow)
        : listAt(content.json).filter(isObject).map(checkOfEvent);
    addFailed(checks, reading);
    const version = textAt(listAt(content.json)[0], 'metadata', 'product', 'version');
    return reading.finish({ tool: 'prowler', toolVersion: version });
  },
});
