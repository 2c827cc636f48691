import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  objectAt,
  textAt,
  textsAt,
  timeAt,
  valueAt,
  listAt,
} from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { otherNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

const TOOL = 'composer-audit';

function isOurs(json: unknown): boolean {
  const advisories = valueAt(json, 'advisories');
  if (Array.isArray(advisories)) return advisories.length === 0 && valueAt(json, 'abandoned') !== undefined;
  if (!isObject(advisories)) return false;
  const [first] = Object.values(advisories);
  // A list, or an object with numbers as keys, which PHP makes of a list with gaps.
  const advisory = isObject(first) ? Object.values(first)[0] : valueAt(first, 0);
  return textAt(advisory, 'advisoryId') !== undefined || textAt(advisory, 'packageName') !== undefined;
}

function addAdvisory(reading: ReportReading, name: string, advisory: JsonObject, isIgnored: boolean): void {
  const advisoryId = textAt(advisory, 'advisoryId');
  const remote = listAt(advisory, 'sources').map((source) => textAt(source, 'remoteId'));
  const cve = textAt(advisory, 'cve');
  const ruleId = cve ?? remote.find((id) => id?.startsWith('GHSA-')) ?? advisoryId;
  const link = textAt(advisory, 'link');
  reading.add({
    tool: TOOL,
    kind: 'dependency',
    ruleId,
    title: `${name}: ${textAt(advisory, 'title') ?? ruleId}`,
    // Advisories of before 2024 have none.
    severity: severityOfWord(textAt(advisory, 'severity')) ?? 'medium',
    aliases: [
      ...otherNames(ruleId, [...remote, link]),
      ...(advisoryId === undefined || advisoryId === ruleId ? [] : [advisoryId]),
    ],
    place: { file: 'composer.lock', package: packageReference({ ecosystem: 'composer', name }) },
    references: link === undefined ? [] : [link],
    decision: isIgnored
      ? { state: 'accepted', reason: textAt(advisory, 'ignoreReason') ?? 'ignored in composer.json' }
      : undefined,
    attributes: {
      affectedVersions: textAt(advisory, 'affectedVersions'),
      reportedAt: timeAt(advisory, 'reportedAt') === undefined ? undefined : textAt(advisory, 'reportedAt'),
    },
  });
}

function readAdvisories(reading: ReportReading, json: unknown, key: string, isIgnored: boolean): void {
  for (const [name, list] of Object.entries(objectAt(json, key) ?? {})) {
    const advisories = isObject(list) ? Object.values(list) : listAt(list);
    reading.each(advisories, `${key}.${name}`, (advisory) => addAdvisory(reading, name, advisory, isIgnored));
  }
}

/** Packages that nobody maintains any more, with what their makers name instead. */
function readAbandoned(reading: ReportReading, json: unknown): void {
  for (const [name, replacement] of Object.entries(objectAt(json, 'abandoned') ?? {})) {
    const [instead] = textsAt(replacement);
    reading.add({
      tool: TOOL,
      kind: 'dependency',
      ruleId: 'abandoned',
      title: `${name}: the package is abandoned`,
      severity: 'info',
      place: { file: 'composer.lock', package: packageReference({ ecosystem: 'composer', name }) },
      remedy: instead === undefined ? undefined : `Use ${instead} instead.`,
    });
  }
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Composer audit',
  formats: ['JSON of `composer audit --format=json`'],
  kinds: ['dependency'],
  documentation: 'https://getcomposer.org/doc/03-cli.md#audit',
  recognise: ({ json }) => (isOurs(json) ? 2 : 0),
  read(content) {
    const reading = new ReportReading(content);
    readAdvisories(reading, content.json, 'advisories', false);
    readAdvisories(reading, content.json, 'ignored-advisories', true);
    readAbandoned(reading, content.json);
    return reading.finish({ tool: TOOL });
  },
});
