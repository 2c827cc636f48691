import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, objectAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { draftOfNpmAdvisory, npmSeverity } from '../../report-npm-advisory.ts';
import { ReportReading } from '../../report-reading.ts';

const TOOL = 'yarn-audit';
const LINES_LOOKED_AT = 50;
const EVENTS = new Set(['auditAdvisory', 'auditSummary', 'auditAction']);

function linesOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

function isClassic(line: unknown): boolean {
  return EVENTS.has(textAt(line, 'type') ?? '') && isObject(valueAt(line, 'data'));
}

function isBerry(line: unknown): boolean {
  return textAt(line, 'value') !== undefined && textAt(line, 'children', 'Issue') !== undefined;
}

/** Yarn 1 says an advisory again for every way to the package; all stand in its `findings` already. */
function addClassic(reading: ReportReading, line: JsonObject, seen: Set<string>): void {
  const advisory = objectAt(line, 'data', 'advisory');
  const id = textAt(advisory, 'id') ?? textAt(line, 'data', 'resolution', 'id');
  const key = `${id}|${textAt(advisory, 'module_name')}`;
  if (advisory === undefined || seen.has(key)) return;
  seen.add(key);
  reading.add(draftOfNpmAdvisory(TOOL, advisory));
}

/** Yarn 4 writes a tree: a package, and below it one issue. Deprecations are issues too. */
function draftOfBerry(line: JsonObject): FindingDraft {
  const name = textAt(line, 'value');
  const issue = objectAt(line, 'children') ?? {};
  const number = textAt(issue, 'ID');
  const isDeprecation = number?.endsWith('(deprecation)') === true;
  const url = textAt(issue, 'URL');
  const [github] = advisoryNames([url]);
  const versions = textsAt(issue, 'Tree Versions');
  const dependents = textsAt(issue, 'Dependents');
  const places = versions.slice(0, 50).map((version) => ({
    package: packageReference({ ecosystem: 'npm', name, version, dependencyPath: undefined }),
  }));
  return {
    tool: TOOL,
    kind: isDeprecation ? 'quality' : 'dependency',
    ruleId: github ?? (isDeprecation ? 'deprecation' : number),
    title: `${name ?? 'a package'}: ${isDeprecation ? 'this package is deprecated' : (textAt(issue, 'Issue') ?? 'a vulnerability')}`,
    description: isDeprecation ? textAt(issue, 'Issue') : undefined,
    severity: isDeprecation ? 'info' : npmSeverity(textAt(issue, 'Severity')),
    severityText: isDeprecation ? textAt(issue, 'Severity') : undefined,
    place: places[0] ?? { package: packageReference({ ecosystem: 'npm', name }) },
    otherPlaces: places.slice(1),
    references: url === undefined ? [] : [url],
    attributes: {
      advisory: number,
      vulnerableVersions: textAt(issue, 'Vulnerable Versions'),
      dependents: dependents.slice(0, 20).join(', '),
    },
  };
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Yarn audit',
  formats: ['lines of JSON of `yarn audit --json` (Yarn 1) and `yarn npm audit --json` (Yarn 4)'],
  kinds: ['dependency', 'quality'],
  documentation: 'https://yarnpkg.com/cli/npm/audit',
  recognise({ json }) {
    const lines = linesOf(json).slice(0, LINES_LOOKED_AT);
    if (lines.some((line) => isClassic(line) || isBerry(line))) return 2;
    // A run that failed has only messages: Yarn's, or those of another tool that writes such lines.
    const isMessage = (line: unknown) =>
      ['info', 'warning', 'error'].includes(textAt(line, 'type') ?? '') && textAt(line, 'data') !== undefined;
    return lines.length > 0 && lines.every(isMessage) ? 1 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    const seen = new Set<string>();
    reading.each(linesOf(content.json), 'line', (line, at) => {
      if (isBerry(line)) reading.add(draftOfBerry(line));
      else if (textAt(line, 'type') === 'auditAdvisory') addClassic(reading, line, seen);
      else if (textAt(line, 'type') === 'error')
        reading.warn(at, `Yarn says: ${textAt(line, 'data') ?? 'an error'}`);
    });
    return reading.finish({ tool: TOOL });
  },
});
