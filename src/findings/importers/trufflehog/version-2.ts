import type { FindingDraft } from '../../build-reported-finding.ts';
import { objectAt, positionAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import type { SecretSighting } from '../../merge-secrets.ts';
import { createRedactor } from '../../report-secret.ts';
import { severityOfWord } from '../../report-severity.ts';

/** TruffleHog 2 and the first versions of the package trufflehog3. */
export function isVersion2(item: unknown): boolean {
  return Array.isArray(valueAt(item, 'stringsFound')) && textAt(item, 'reason') !== undefined;
}

/** The package trufflehog3 as it is now. */
export function isTrufflehog3(item: unknown): boolean {
  return (
    textAt(item, 'rule', 'id') !== undefined &&
    valueAt(item, 'secret') !== undefined &&
    valueAt(item, 'context') !== undefined
  );
}

function draftOf(
  item: unknown,
  rule: string | undefined,
  redact: (text?: string) => string | undefined,
): FindingDraft {
  const file = textAt(item, 'path');
  return {
    tool: 'trufflehog',
    kind: 'secret',
    ruleId: rule,
    title: redact(`${rule} in ${file ?? 'a file'}`),
    severity: 'high',
    cwe: [798],
    place: { file: redact(file) },
    attributes: { branch: redact(textAt(item, 'branch')), date: textAt(item, 'date') },
  };
}

function timeOf(item: unknown): number | undefined {
  const timeMs = Date.parse(textAt(item, 'date') ?? '');
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** All strings of one file in one commit stand together; which line each is on is not said. */
export function sightingsOfVersion2(item: unknown): SecretSighting[] {
  const strings = textsAt(item, 'stringsFound');
  const redact = createRedactor(strings);
  const reason = textAt(item, 'reason');
  const draft = draftOf(item, reason, redact);
  const commit = textAt(item, 'commitHash');
  // Entropy alone is a guess; a named pattern is more.
  const severity = reason?.toLowerCase() === 'high entropy' ? ('medium' as const) : ('high' as const);
  return [
    {
      key: JSON.stringify([reason, textAt(item, 'path'), strings]),
      timeMs: timeOf(item),
      draft: { ...draft, severity, place: { ...draft.place, commit } },
    },
  ];
}

export function sightingsOfTrufflehog3(item: unknown): SecretSighting[] {
  const rule = textAt(item, 'rule', 'id');
  const secret = textAt(item, 'secret');
  const redact = createRedactor([secret, ...Object.values(objectAt(item, 'context') ?? {}).map(String)]);
  const draft = draftOf(item, rule, redact);
  const line = positionAt(item, 'line');
  return [
    {
      key: JSON.stringify([rule, textAt(item, 'path'), line, secret]),
      timeMs: timeOf(item),
      draft: {
        ...draft,
        description: redact(textAt(item, 'rule', 'message')),
        severity: severityOfWord(textAt(item, 'rule', 'severity')) ?? 'medium',
        place: { ...draft.place, line, commit: textAt(item, 'commit') },
        attributes: { ...draft.attributes, author: redact(textAt(item, 'author')) },
      },
    },
  ];
}
