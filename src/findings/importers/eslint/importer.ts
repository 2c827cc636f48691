import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, numberAt, positionAt, textAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import type { FindingKind, ReportedDecision } from '../../reported-finding.ts';
import type { FindingDraft } from '../../build-reported-finding.ts';
import type { Severity } from '../../severity.ts';

/** Plug-ins that look for flaws rather than style; `no-secrets` shows the string it found. */
const SECURITY =
  /^(?:@?[\w-]+\/)?(?:security|security-node|no-unsanitized|scanjs-rules|xss|sonarjs|pii|anti-trojan-source|no-wildcard-postmessage|detect-)/;
const SECURITY_RULES = new Set([
  'no-eval',
  'no-implied-eval',
  'no-new-func',
  'no-script-url',
  'react/no-danger',
]);

function kindOf(rule: string): FindingKind {
  if (/(?:^|\/)no-(?:secrets|hardcoded-(?:secret|credential|password))/.test(rule)) return 'secret';
  return SECURITY.test(rule) || SECURITY_RULES.has(rule) ? 'code' : 'quality';
}

/** 2 makes the run fail, 1 does not: how a team set the rule, not how bad a flaw is, so neither reaches `high`. */
function severityOf(severity: number | undefined, kind: FindingKind): Severity {
  if (kind === 'quality') return severity === 2 ? 'low' : 'info';
  return severity === 2 ? 'medium' : 'low';
}

function decisionOf(message: JsonObject): ReportedDecision {
  const reason = textAt(listAt(message, 'suppressions')[0], 'justification');
  return { state: 'accepted', reason: reason?.slice(0, 2_000) ?? 'disabled by a comment' };
}

function messageDraft(message: JsonObject, file: string | undefined, suppressed: boolean): FindingDraft {
  const rule = textAt(message, 'ruleId') ?? 'eslint';
  const kind = kindOf(rule);
  const severity = numberAt(message, 'severity');
  return {
    tool: 'eslint',
    ruleId: rule,
    kind,
    title: textAt(message, 'message'),
    severity: severityOf(severity, kind),
    severityText: severity === 2 ? 'error' : 'warning',
    place: {
      file,
      line: positionAt(message, 'line'),
      column: positionAt(message, 'column'),
      endLine: positionAt(message, 'endLine'),
      endColumn: positionAt(message, 'endColumn'),
    },
    decision: suppressed ? decisionOf(message) : undefined,
    attributes: { fixable: isObject(message['fix']) ? 'true' : undefined },
  };
}

export const importer = defineImporter({
  id: 'eslint',
  title: 'ESLint',
  formats: ['JSON of `eslint -f json`'],
  kinds: ['code', 'quality', 'secret'],
  documentation: 'https://eslint.org/docs/latest/use/formatters/#json',

  recognise({ shape, json }) {
    if (shape !== 'json' || !Array.isArray(json)) return 0;
    const first: unknown = json[0];
    const isFile =
      isObject(first) && typeof first['filePath'] === 'string' && Array.isArray(first['messages']);
    return isFile && 'errorCount' in first ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json), '', (result, at) => {
      const file = textAt(result, 'filePath');
      for (const key of ['messages', 'suppressedMessages']) {
        reading.each(listAt(result, key), `${at}.${key}`, (message, messageAt) => {
          // A message without a rule is about a file that could not be parsed or was ignored.
          if (textAt(message, 'ruleId') === undefined)
            reading.warn(messageAt, `${file ?? 'a file'}: ${textAt(message, 'message') ?? 'not linted'}`);
          else reading.add(messageDraft(message, file, key === 'suppressedMessages'));
        });
      }
    });
    return reading.finish({ tool: 'eslint' });
  },
});
