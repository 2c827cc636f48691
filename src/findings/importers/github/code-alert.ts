import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { type JsonObject, objectAt, positionAt, textAt, textsAt, timeAt } from '../../json-fields.ts';
import { severityOfWord } from '../../report-severity.ts';
import { toolFamily } from '../../tool-family.ts';
import { decisionOfAlert } from './decision.ts';

/** An alert of `GET /repos/{owner}/{repo}/code-scanning/alerts`; the tool is the one that found it. */
export function codeAlertDraft(alert: JsonObject): FindingDraft {
  const rule = objectAt(alert, 'rule') ?? {};
  const instance = objectAt(alert, 'most_recent_instance') ?? {};
  const location = objectAt(instance, 'location') ?? {};
  const message = textAt(instance, 'message', 'text');
  // `severity` is that of a lint; the level for security stands beside it for rules that have one.
  const severityText = textAt(rule, 'security_severity_level') ?? textAt(rule, 'severity');
  const commit = textAt(instance, 'commit_sha');
  return {
    tool: toolFamily(textAt(alert, 'tool', 'name')) ?? 'github',
    ruleId: textAt(rule, 'id'),
    kind: 'code',
    title: textAt(rule, 'description') ?? message,
    description: [message, textAt(rule, 'full_description')]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    cwe: cweNumbers(textsAt(rule, 'tags')),
    place: {
      file: textAt(location, 'path'),
      line: positionAt(location, 'start_line'),
      endLine: positionAt(location, 'end_line'),
      column: positionAt(location, 'start_column'),
      endColumn: positionAt(location, 'end_column'),
      commit,
    },
    remedy: textAt(rule, 'help'),
    references: [...textsAt(alert, 'html_url'), ...textsAt(rule, 'help_uri')],
    toolFingerprint: textAt(alert, 'html_url') ?? textAt(alert, 'url'),
    decision: decisionOfAlert(alert),
    foundAtMs: timeAt(alert, 'created_at'),
    attributes: {
      state: textAt(alert, 'state'),
      branch: textAt(instance, 'ref'),
      category: textAt(instance, 'category'),
    },
  };
}
