import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  positionAt,
  textAt,
  textsAt,
  valueAt,
} from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import { linksIn } from '../../report-links.ts';

const TOOL = 'tfsec';

/** The resource is named in the description where it has no field: `Resource 'aws_s3_bucket.logs' …`. */
function resourceOf(result: unknown): string | undefined {
  const description = textAt(result, 'description')?.slice(0, 1_000) ?? '';
  return textAt(result, 'resource') ?? /^(?:Resource|Block) '([^'\n]{1,500})'/.exec(description)?.[1];
}

function draftOf(result: JsonObject): FindingDraft {
  const rule = textAt(result, 'long_id') ?? textAt(result, 'rule_id');
  const other = [textAt(result, 'rule_id'), textAt(result, 'legacy_rule_id')];
  const word = textAt(result, 'severity');
  const impact = textAt(result, 'impact');
  const isIgnored = textAt(result, 'status') === 'ignored';
  return {
    tool: TOOL,
    kind: 'infrastructure',
    ruleId: rule,
    title: textAt(result, 'rule_description') ?? textAt(result, 'description'),
    description: [textAt(result, 'description'), impact].filter((each) => each !== undefined).join('\n\n'),
    // Before 0.60 the words were ERROR, WARNING and INFO.
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    aliases: other.filter((each) => each !== undefined && each !== rule).map(String),
    place: {
      file: textAt(result, 'location', 'filename'),
      line: positionAt(result, 'location', 'start_line'),
      endLine: positionAt(result, 'location', 'end_line'),
      resource: resourceOf(result),
    },
    remedy: textAt(result, 'resolution'),
    references: [...textsAt(result, 'links'), ...linksIn(textAt(result, 'link'))],
    decision: isIgnored ? { state: 'accepted', reason: 'ignored in the source' } : undefined,
    attributes: { provider: textAt(result, 'rule_provider'), service: textAt(result, 'rule_service') },
  };
}

/** `status` is `failed`, `passed` or `ignored`; before 0.60 `passed` was true or false. */
function isFailed(result: unknown): boolean {
  return (
    textAt(result, 'status') !== 'passed' &&
    valueAt(result, 'passed') !== true &&
    textAt(result, 'status') !== '0'
  );
}

/** A module that is used several times gives the same lines each time; the resources are its other places. */
function merge(drafts: readonly FindingDraft[]): FindingDraft[] {
  const merged = new Map<string, FindingDraft & { otherPlaces: PlaceDraft[] }>();
  for (const draft of drafts) {
    const { file, line, endLine } = draft.place ?? {};
    const key = JSON.stringify([draft.ruleId, file, line, endLine, draft.decision?.state]);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...draft, otherPlaces: [] });
    else if (known.otherPlaces.length < 50 && draft.place !== undefined) known.otherPlaces.push(draft.place);
  }
  return [...merged.values()];
}

export const importer = defineImporter({
  id: TOOL,
  title: 'tfsec',
  formats: ['JSON of `tfsec --format json`, also of versions before 0.60'],
  kinds: ['infrastructure'],
  documentation: 'https://aquasecurity.github.io/tfsec/',
  recognise({ json }) {
    const first = valueAt(json, 'results', 0);
    const isOurs = textAt(first, 'rule_id') !== undefined && isObject(valueAt(first, 'location'));
    return isOurs && textAt(first, 'rule_description') !== undefined ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    const drafts: FindingDraft[] = [];
    reading.each(listAt(content.json, 'results'), 'results', (result) => {
      if (isFailed(result)) drafts.push(draftOf(result));
    });
    for (const draft of merge(drafts)) reading.add(draft);
    return reading.finish({ tool: TOOL });
  },
});
