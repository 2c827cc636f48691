import type { FindingDraft } from '../../build-reported-finding.ts';
import {
  booleanAt,
  type JsonObject,
  objectAt,
  positionAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { createRedactor } from '../../report-secret.ts';
import { decisionOfAlert } from './decision.ts';

/** An alert of `GET /repos/{owner}/{repo}/secret-scanning/alerts`. The secret in it is never kept. */
export function secretAlertDraft(alert: JsonObject): FindingDraft {
  const location = objectAt(alert, 'first_location_detected') ?? {};
  const redact = createRedactor([textAt(alert, 'secret')]);
  const isActive = textAt(alert, 'validity') === 'active';
  const type = textAt(alert, 'secret_type');
  return {
    tool: 'github-secret-scanning',
    ruleId: type,
    kind: 'secret',
    title: redact(`${textAt(alert, 'secret_type_display_name') ?? type ?? 'Secret'} in the repository`),
    severity: isActive ? 'critical' : 'high',
    verified: isActive ? true : undefined,
    place: {
      file: redact(textAt(location, 'path')?.replace(/^\//, '')),
      line: positionAt(location, 'start_line'),
      endLine: positionAt(location, 'end_line'),
      column: positionAt(location, 'start_column'),
      endColumn: positionAt(location, 'end_column'),
      commit: textAt(location, 'commit_sha'),
    },
    references: textsAt(alert, 'html_url'),
    toolFingerprint: textAt(alert, 'html_url') ?? textAt(alert, 'url'),
    decision: decisionOfAlert(alert),
    foundAtMs: timeAt(alert, 'created_at'),
    attributes: {
      validity: textAt(alert, 'validity'),
      publiclyLeaked: booleanAt(alert, 'publicly_leaked') === true ? 'true' : undefined,
      pushProtectionBypassed: booleanAt(alert, 'push_protection_bypassed') === true ? 'true' : undefined,
    },
  };
}
