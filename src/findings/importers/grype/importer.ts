import { type FindingDraft, cweNumbers, type PlaceDraft } from '../../build-reported-finding.ts';
import { cvssOfVector } from '../../cvss-vector.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  textAt,
  textsAt,
  timeAt,
  valueAt,
} from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';

const TOOL = 'grype';
const OS_PACKAGES = new Set(['deb', 'rpm', 'apk', 'alpm', 'portage', 'kb']);

/** CVSS of the newest version that is there: 4.0, 3.x, then 2.0. */
function cvssOf(match: unknown) {
  const own = listAt(match, 'vulnerability', 'cvss');
  const related = listAt(match, 'relatedVulnerabilities').flatMap((each) => listAt(each, 'cvss'));
  const all = (own.length > 0 ? own : related).slice(0, 50);
  const newest = all.toSorted(
    (left, right) => (numberAt(right, 'version') ?? 0) - (numberAt(left, 'version') ?? 0),
  )[0];
  return cvssOfVector(textAt(newest, 'vector'), numberAt(newest, 'metrics', 'baseScore'));
}

/** The highest probability of the names under which the flaw is known. */
function epssOf(match: unknown): number | undefined {
  const all = [
    ...listAt(match, 'vulnerability', 'epss'),
    ...listAt(match, 'relatedVulnerabilities').flatMap((each) => listAt(each, 'epss')),
  ].flatMap((each) => numberAt(each, 'epss') ?? []);
  const known = all.filter((each) => each >= 0 && each <= 1);
  return known.length === 0 ? undefined : Math.max(...known.slice(0, 1_000));
}

function placesOf(match: unknown, image: string | undefined): PlaceDraft[] {
  const artifact = valueAt(match, 'artifact');
  const type = textAt(artifact, 'type');
  const own = packageReference({
    ecosystem: type,
    name: textAt(artifact, 'name'),
    version: textAt(artifact, 'version'),
    purl: textAt(artifact, 'purl'),
    fixedVersions: textsAt(match, 'vulnerability', 'fix', 'versions'),
  });
  const files = listAt(artifact, 'locations')
    .slice(0, 51)
    .map((location) => textAt(location, 'path'));
  return (files.length === 0 ? [undefined] : files).map((file) => ({ file, image, package: own }));
}

/** `ignoredMatches` are those that somebody's rules or a VEX document took out. */
function decisionOf(match: unknown): FindingDraft['decision'] {
  const [rule] = listAt(match, 'appliedIgnoreRules');
  if (rule === undefined) return undefined;
  const reason = textAt(rule, 'reason') ?? textAt(rule, 'vex-justification') ?? 'ignored by a rule of Grype';
  return { state: textAt(rule, 'vex-status') === 'not_affected' ? 'not-affected' : 'accepted', reason };
}

function draftOf(match: JsonObject, image: string | undefined): FindingDraft {
  const vulnerability = valueAt(match, 'vulnerability');
  const related = listAt(match, 'relatedVulnerabilities');
  const ruleId = textAt(vulnerability, 'id');
  const name = textAt(match, 'artifact', 'name');
  const word = textAt(vulnerability, 'severity');
  const cvss = cvssOf(match);
  const description =
    textAt(vulnerability, 'description') ??
    related.map((each) => textAt(each, 'description')).find((each) => each !== undefined);
  const [place, ...otherPlaces] = placesOf(match, image);
  const fixed = textsAt(vulnerability, 'fix', 'versions');
  const dataSource = textAt(vulnerability, 'dataSource');
  const exploited = [vulnerability, ...related].some((each) => listAt(each, 'knownExploited').length > 0);
  return {
    tool: TOOL,
    kind: OS_PACKAGES.has(textAt(match, 'artifact', 'type') ?? '') ? 'container' : 'dependency',
    ruleId,
    title: `${ruleId} in ${name} ${textAt(match, 'artifact', 'version') ?? ''}`,
    description,
    severity: severityOfWord(word) ?? severityOfScore(cvss?.score) ?? 'medium',
    severityText: word,
    cvss,
    epss: epssOf(match),
    exploited: exploited ? true : undefined,
    cwe: cweNumbers(
      [vulnerability, ...related].flatMap((each) => listAt(each, 'cwes').map((cwe) => textAt(cwe, 'cwe'))),
    ),
    aliases: advisoryNames(related.map((each) => textAt(each, 'id'))).filter((alias) => alias !== ruleId),
    place,
    otherPlaces,
    remedy: fixed.length === 0 ? undefined : `Change ${name} to ${fixed.join(' or ')}.`,
    references: [...(dataSource === undefined ? [] : [dataSource]), ...textsAt(vulnerability, 'urls')],
    decision: decisionOf(match),
    attributes: {
      namespace: textAt(vulnerability, 'namespace'),
      fixState: textAt(vulnerability, 'fix', 'state'),
      layer: textAt(match, 'artifact', 'locations', 0, 'layerID'),
    },
  };
}

function keyOf({ ruleId, place }: FindingDraft): string {
  return JSON.stringify([ruleId, place?.package?.name, place?.package?.version, place?.package?.ecosystem]);
}

/** One package that lies in several files of an image is one finding with several places. */
function mergeByPackage(drafts: readonly FindingDraft[]): FindingDraft[] {
  const merged = new Map<string, FindingDraft & { otherPlaces: PlaceDraft[] }>();
  for (const draft of drafts) {
    const known = merged.get(keyOf(draft));
    if (known === undefined)
      merged.set(keyOf(draft), { ...draft, otherPlaces: [...(draft.otherPlaces ?? [])] });
    else if (known.otherPlaces.length < 50 && draft.place !== undefined) known.otherPlaces.push(draft.place);
  }
  return [...merged.values()];
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Grype',
  formats: ['JSON of `grype -o json`'],
  kinds: ['dependency', 'container'],
  documentation: 'https://github.com/anchore/grype#output-formats',
  recognise({ json }) {
    if (!Array.isArray(valueAt(json, 'matches'))) return 0;
    if (textAt(json, 'descriptor', 'name') === 'grype') return 2;
    const first = valueAt(json, 'matches', 0);
    return isObject(valueAt(first, 'vulnerability')) && isObject(valueAt(first, 'artifact')) ? 2 : 0;
  },
  read(content) {
    const { json } = content;
    const reading = new ReportReading(content);
    const target = valueAt(json, 'source', 'target');
    const isImage = textAt(json, 'source', 'type') === 'image';
    const image = isImage ? (textAt(target, 'userInput') ?? textAt(target, 'tags', 0)) : undefined;
    const drafts: FindingDraft[] = [];
    for (const key of ['matches', 'ignoredMatches'])
      reading.each(listAt(json, key), key, (match) => drafts.push(draftOf(match, image)));
    for (const draft of mergeByPackage(drafts)) reading.add(draft);
    return reading.finish({
      tool: TOOL,
      toolVersion: textAt(json, 'descriptor', 'version'),
      ranAtMs: timeAt(json, 'descriptor', 'timestamp'),
      target: { image },
    });
  },
});
