import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { listAt, numberAt, positionAt, textAt, textsAt } from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { severityOfWord } from '../../report-severity.ts';

const SNIPPET_LINES_MAX = 60;

function snippetOf(cause: unknown): string | undefined {
  const lines = listAt(cause, 'Code', 'Lines').slice(0, SNIPPET_LINES_MAX);
  const text = lines.map((line) => {
    const content: unknown =
      typeof line === 'object' && line !== null && 'Content' in line ? line.Content : undefined;
    return typeof content === 'string' ? content : '';
  });
  return text.length === 0 ? undefined : text.join('\n');
}

/** `PASS` is no finding; `EXCEPTION` is one that somebody let pass. */
export function draftOfMisconfiguration(item: unknown, place: PlaceDraft): FindingDraft | undefined {
  const status = textAt(item, 'Status');
  if (status === 'PASS') return undefined;
  const cause =
    typeof item === 'object' && item !== null && 'CauseMetadata' in item ? item.CauseMetadata : undefined;
  const rule = textAt(item, 'AVDID') ?? textAt(item, 'ID');
  const id = textAt(item, 'ID');
  const word = textAt(item, 'Severity');
  const url = textAt(item, 'PrimaryURL');
  const message = textAt(item, 'Message');
  return {
    tool: 'trivy',
    kind: 'infrastructure',
    ruleId: rule,
    title: textAt(item, 'Title') ?? message,
    description: [message, textAt(item, 'Description')].filter((each) => each !== undefined).join('\n\n'),
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    aliases: id === undefined || id === rule ? [] : [id],
    place: {
      ...place,
      resource: textAt(cause, 'Resource') ?? place.resource,
      line: positionAt(cause, 'StartLine'),
      endLine: positionAt(cause, 'EndLine'),
    },
    snippet: snippetOf(cause),
    remedy: textAt(item, 'Resolution'),
    references: [...(url === undefined ? [] : [url]), ...textsAt(item, 'References')],
    decision:
      status === 'EXCEPTION' ? { state: 'accepted', reason: 'an exception of Trivy’s policy' } : undefined,
    attributes: {
      type: textAt(item, 'Type'),
      provider: textAt(cause, 'Provider'),
      service: textAt(cause, 'Service'),
    },
  };
}

/** Trivy masks the match, but not always the lines around it, so neither is kept. */
export function draftOfSecret(item: unknown, place: PlaceDraft): FindingDraft {
  const word = textAt(item, 'Severity');
  const title = textAt(item, 'Title') ?? textAt(item, 'RuleID');
  return {
    tool: 'trivy',
    kind: 'secret',
    ruleId: textAt(item, 'RuleID'),
    title: `${title ?? 'a secret'} in ${place.file ?? place.image ?? 'a file'}`,
    severity: severityOfWord(word) ?? 'high',
    severityText: word,
    cwe: [798],
    place: { ...place, line: positionAt(item, 'StartLine'), endLine: positionAt(item, 'EndLine') },
    attributes: { category: textAt(item, 'Category'), layer: textAt(item, 'Layer', 'DiffID') },
  };
}

/** Trivy's severity of a licence follows its category: `forbidden` is critical, `restricted` high… */
export function draftOfLicence(item: unknown, place: PlaceDraft, result: unknown): FindingDraft {
  const licence = textAt(item, 'Name');
  const name = textAt(item, 'PkgName');
  const word = textAt(item, 'Severity');
  const category = textAt(item, 'Category');
  const link = textAt(item, 'Link');
  const certainty = numberAt(item, 'Confidence');
  const file = textAt(item, 'FilePath');
  return {
    tool: 'trivy',
    kind: 'licence',
    ruleId: licence,
    title: `${name ?? file ?? 'a file'} is under ${licence ?? 'an unknown licence'}${category === undefined ? '' : ` (${category})`}`,
    severity: severityOfWord(word) ?? 'info',
    severityText: word,
    confidence: certainty === undefined ? undefined : certainty >= 0.9 ? 'high' : 'medium',
    place: {
      image: place.image,
      resource: place.resource,
      file: file ?? (name === undefined ? place.file : undefined),
      package: packageReference({ ecosystem: textAt(result, 'Type'), name }),
    },
    references: link === undefined ? [] : [link],
    attributes: { category },
  };
}
