import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  textAt,
  textsAt,
  timeAt,
  valueAt,
} from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

const TOOL = 'retirejs';

/** The names of the flaw, the best known first. Older entries have only a bug's number, or only a summary. */
function namesOf(vulnerability: unknown): string[] {
  const identifiers = valueAt(vulnerability, 'identifiers');
  const known = advisoryNames([
    ...textsAt(identifiers, 'CVE'),
    textAt(identifiers, 'githubID'),
    ...textsAt(vulnerability, 'info'),
  ]);
  const retid = textAt(identifiers, 'retid');
  const issue = textAt(identifiers, 'issue') ?? textAt(identifiers, 'bug') ?? textAt(identifiers, 'PR');
  return [
    ...known,
    ...(retid === undefined ? [] : [`retire-${retid}`]),
    ...(issue === undefined ? [] : [`issue-${issue}`]),
  ];
}

function draftOf(vulnerability: JsonObject, result: unknown, file: string | undefined): FindingDraft {
  const component = textAt(result, 'component');
  const names = namesOf(vulnerability);
  const summary = textAt(vulnerability, 'identifiers', 'summary');
  const below = textAt(vulnerability, 'below');
  const word = textAt(vulnerability, 'severity');
  const parent = textAt(result, 'parent', 'component');
  return {
    tool: TOOL,
    kind: 'dependency',
    ruleId: names[0] ?? summary,
    title: `${component ?? 'a library'}: ${summary ?? names[0] ?? 'a known vulnerability'}`,
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    cwe: cweNumbers(textsAt(vulnerability, 'cwe')),
    aliases: names.slice(1),
    place: {
      file,
      package: packageReference({
        ecosystem: 'npm',
        name: textAt(result, 'npmname') ?? component,
        version: textAt(result, 'version'),
        fixedVersions: below === undefined ? undefined : [below],
        dependencyPath: parent === undefined || component === undefined ? undefined : [parent, component],
      }),
    },
    remedy: below === undefined ? undefined : `Change ${component} to ${below} or later.`,
    references: textsAt(vulnerability, 'info'),
    attributes: { detection: textAt(result, 'detection') },
  };
}

/** The list stands in `data` since version 2. */
function filesOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : listAt(json, 'data');
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Retire.js',
  formats: ['JSON of `retire --outputformat json`, versions 1 and later'],
  kinds: ['dependency'],
  documentation: 'https://retirejs.github.io/retire.js/',
  recognise({ json }) {
    const [first] = filesOf(json);
    const result = valueAt(first, 'results', 0);
    if (textAt(result, 'component') !== undefined && Array.isArray(valueAt(result, 'vulnerabilities')))
      return 2;
    const keys = ['version', 'start', 'data', 'messages', 'errors', 'time'];
    return objectAt(json) !== undefined && keys.every((key) => valueAt(json, key) !== undefined) ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    reading.each(filesOf(content.json), 'data', (file, at) =>
      reading.each(listAt(file, 'results'), `${at}.results`, (result, place) => {
        const seen = new Set<string>();
        reading.each(listAt(result, 'vulnerabilities'), `${place}.vulnerabilities`, (vulnerability) => {
          const draft = draftOf(vulnerability, result, textAt(file, 'file') ?? textAt(file, 'component'));
          // The database has one entry for each range of versions of the same flaw.
          const key = `${draft.ruleId}|${draft.title}`;
          if (!seen.has(key)) reading.add(draft);
          seen.add(key);
        });
      }),
    );
    for (const error of listAt(content.json, 'errors'))
      reading.warn(
        'errors',
        `Retire.js failed: ${textAt(error) ?? (isObject(error) ? textAt(error, 'message') : undefined) ?? 'an error'}`,
      );
    return reading.finish({
      tool: TOOL,
      toolVersion: textAt(content.json, 'version'),
      ranAtMs: timeAt(content.json, 'start'),
    });
  },
});
