import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { positionAt, textAt, textsAt, timeAt, valueAt } from '../../json-fields.ts';
import { severityOfWord } from '../../report-severity.ts';
import { confidenceOfWord, kindOfRule } from './result.ts';

/** `ignored` with its reason, and `fixed`; `open` and `reviewing` decide nothing. */
function decisionOf(finding: unknown): FindingDraft['decision'] {
  const state = textAt(finding, 'triage_state') ?? textAt(finding, 'status');
  const reason = textAt(finding, 'triage_comment') ?? textAt(finding, 'triage_reason');
  if (textAt(finding, 'state') === 'fixed' || state === 'fixed') return { state: 'fixed', reason: 'fixed' };
  if (state !== 'ignored') return undefined;
  const isFalse = textAt(finding, 'triage_reason') === 'false_positive';
  return { state: isFalse ? 'false-positive' : 'accepted', reason: reason ?? 'ignored in Semgrep' };
}

export function draftOfApi(finding: unknown): FindingDraft {
  const rule = valueAt(finding, 'rule');
  const ruleId = textAt(finding, 'rule_name') ?? textAt(rule, 'name');
  const word = textAt(finding, 'severity');
  const repository = valueAt(finding, 'repository');
  const link = textAt(finding, 'line_of_code_url');
  const kind = kindOfRule(ruleId, { category: textAt(rule, 'category') });
  return {
    tool: 'semgrep',
    kind,
    ruleId,
    title: ruleId?.slice(0, 500).split('.').at(-1)?.replaceAll(/[-_]+/g, ' '),
    description: textAt(finding, 'rule_message') ?? textAt(rule, 'message'),
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    confidence: confidenceOfWord(textAt(finding, 'confidence') ?? textAt(rule, 'confidence')),
    cwe: cweNumbers(textsAt(rule, 'cwe_names')),
    place: {
      file: textAt(finding, 'location', 'file_path'),
      line: positionAt(finding, 'location', 'line'),
      column: positionAt(finding, 'location', 'column'),
      endLine: positionAt(finding, 'location', 'end_line'),
      endColumn: positionAt(finding, 'location', 'end_column'),
    },
    remedy: kind === 'secret' ? undefined : textAt(finding, 'assistant', 'guidance', 'summary'),
    references: link === undefined ? [] : [link],
    toolFingerprint: textAt(finding, 'match_based_id') ?? textAt(finding, 'id'),
    decision: decisionOf(finding),
    foundAtMs: timeAt(finding, 'created_at'),
    attributes: {
      repository: textAt(repository, 'name'),
      owasp: textsAt(rule, 'owasp_names').join(', '),
      triage: textAt(finding, 'triage_state'),
    },
  };
}
