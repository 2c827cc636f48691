import { type FindingDraft, normaliseFile, type PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  positionAt,
  textAt,
  textsAt,
  valueAt,
} from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { createRedactor } from '../../report-secret.ts';

const TOOL = 'noseyparker';
/** SHA-1 over rule, blob and offsets: stable, and of nothing secret. */
const FINGERPRINT = /^[0-9a-f]{40}$/;

/** Where it came from: a file, or a blob of a git repository with the commit that brought it. */
function placeOf(provenance: unknown, location: unknown): PlaceDraft {
  const commit = objectAt(provenance, 'first_commit') ?? objectAt(provenance, 'commit_provenance');
  return {
    file: normaliseFile(textAt(commit, 'blob_path') ?? textAt(provenance, 'path')),
    line: positionAt(location, 'source_span', 'start', 'line'),
    column: positionAt(location, 'source_span', 'start', 'column'),
    endLine: positionAt(location, 'source_span', 'end', 'line'),
    commit: textAt(commit, 'commit_metadata', 'commit_id'),
  };
}

function secretsOf(finding: unknown, match: unknown): (string | undefined)[] {
  return [
    ...textsAt(finding, 'groups').flatMap((group) => [group, Buffer.from(group, 'base64').toString('utf8')]),
    textAt(finding, 'match_content'),
    textAt(match, 'match_content'),
    textAt(match, 'snippet', 'matching'),
  ];
}

/** `accept` and `reject` are what somebody said in `noseyparker annotations`. */
function decisionOf(finding: unknown, match: unknown): FindingDraft['decision'] {
  const status = textAt(match, 'status') ?? textsAt(finding, 'statuses')[0];
  const reason = textAt(match, 'comment') ?? textAt(finding, 'comment');
  if (status !== 'reject') return undefined;
  return { state: 'false-positive', reason: reason ?? 'rejected in Nosey Parker' };
}

function draftOf(finding: JsonObject, match: JsonObject): FindingDraft {
  const rule = textAt(match, 'rule_name') ?? textAt(finding, 'rule_name');
  const redact = createRedactor(secretsOf(finding, match));
  const sources = listAt(match, 'provenance').slice(0, 51);
  const places = sources.map((each) => placeOf(each, valueAt(match, 'location')));
  const [place = placeOf(undefined, valueAt(match, 'location')), ...otherPlaces] = places;
  const id = textAt(match, 'structural_id');
  return {
    tool: TOOL,
    kind: 'secret',
    ruleId: textAt(match, 'rule_text_id') ?? textAt(finding, 'rule_text_id') ?? rule,
    title: redact(`${rule ?? 'a secret'} in ${place.file ?? 'a blob'}`),
    severity: 'high',
    cwe: [798],
    place,
    otherPlaces,
    toolFingerprint: id !== undefined && FINGERPRINT.test(id) ? id : undefined,
    decision: decisionOf(finding, match),
    attributes: { rule, blob: textAt(match, 'blob_id') },
  };
}

/** The same secret at the same line of one file in several versions of it is one finding. */
function readFinding(reading: ReportReading, finding: JsonObject, at: string): void {
  const merged = new Map<string, FindingDraft & { otherPlaces: PlaceDraft[] }>();
  reading.each(listAt(finding, 'matches'), `${at}.matches`, (match) => {
    const draft = draftOf(finding, match);
    const key = `${draft.place?.file}:${draft.place?.line}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...draft, otherPlaces: [...(draft.otherPlaces ?? [])] });
    else if (known.otherPlaces.length < 50 && draft.place !== undefined) known.otherPlaces.push(draft.place);
  });
  for (const draft of merged.values()) reading.add(draft);
}

function itemsOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Nosey Parker',
  formats: ['lines of JSON of `noseyparker report --format jsonl`', 'JSON of `--format json`'],
  kinds: ['secret'],
  documentation: 'https://github.com/praetorian-inc/noseyparker#readme',
  recognise({ json }) {
    const [first] = itemsOf(json);
    const isOurs =
      textAt(first, 'rule_name') !== undefined &&
      Array.isArray(valueAt(first, 'matches')) &&
      isObject(valueAt(first, 'matches', 0, 'location'));
    return isOurs ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    reading.each(itemsOf(content.json), 'finding', (finding, at) => readFinding(reading, finding, at));
    return reading.finish({ tool: TOOL });
  },
});
