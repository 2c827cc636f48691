import { cvssOfVector } from '../../cvss-vector.ts';
import { defineImporter } from '../../importer.ts';
import {
  booleanAt,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import {
  draftOfNpmAdvisory,
  hasWorkspacePaths,
  npmAdvisories,
  npmAdvisoryId,
  npmSeverity,
  npmWeaknesses,
  scoreOf,
} from '../../report-npm-advisory.ts';
import { ReportReading } from '../../report-reading.ts';

const TOOL = 'npm-audit';

/** `node_modules/a/node_modules/b`: the way to `b`. */
function pathOfNode(node: unknown): string[] | undefined {
  return typeof node === 'string'
    ? node
        .slice(0, 2_000)
        .split(/\/?node_modules\//)
        .filter((part) => part !== '')
    : undefined;
}

function remedyOf(vulnerability: unknown): string | undefined {
  const fix = valueAt(vulnerability, 'fixAvailable');
  if (fix === true) return 'Run `npm audit fix`.';
  const [name, version] = [textAt(fix, 'name'), textAt(fix, 'version')];
  if (name === undefined || version === undefined) return undefined;
  const major = booleanAt(fix, 'isSemVerMajor') === true ? ', which is another major version' : '';
  return `Change ${name} to ${version}${major}.`;
}

/** npm 7: what stands in `via` as a name only is affected through that package, where the flaw itself is told. */
function addVulnerability(reading: ReportReading, vulnerability: JsonObject, via: JsonObject): void {
  const name = textAt(via, 'name') ?? textAt(vulnerability, 'name');
  const ruleId = npmAdvisoryId(via);
  const nodes = listAt(vulnerability, 'nodes').slice(0, 51).map(pathOfNode);
  const places = nodes.map((dependencyPath) => ({
    package: packageReference({ ecosystem: 'npm', name, dependencyPath }),
  }));
  const url = textAt(via, 'url');
  reading.add({
    tool: TOOL,
    kind: 'dependency',
    ruleId,
    title: `${name ?? 'a package'}: ${textAt(via, 'title') ?? ruleId ?? 'a vulnerability'}`,
    severity: npmSeverity(textAt(via, 'severity') ?? textAt(vulnerability, 'severity')),
    cvss: cvssOfVector(textAt(via, 'cvss', 'vectorString'), scoreOf(via)),
    cwe: npmWeaknesses(via),
    place: places[0] ?? { package: packageReference({ ecosystem: 'npm', name }) },
    otherPlaces: places.slice(1),
    remedy: remedyOf(vulnerability),
    references: url === undefined ? [] : [url],
    attributes: {
      advisory: textAt(via, 'source'),
      vulnerableVersions: textAt(via, 'range'),
      direct: textAt(vulnerability, 'isDirect'),
    },
  });
}

function readVersion2(json: unknown, reading: ReportReading): void {
  for (const [name, vulnerability] of Object.entries(objectAt(json, 'vulnerabilities') ?? {})) {
    if (!isObject(vulnerability)) {
      reading.warn(`vulnerabilities.${name}`, 'this is no object');
      continue;
    }
    for (const via of listAt(vulnerability, 'via'))
      if (isObject(via)) addVulnerability(reading, vulnerability, via);
  }
}

function warnOfError(json: unknown, reading: ReportReading): void {
  const error = textAt(json, 'error', 'summary') ?? textAt(json, 'error', 'code') ?? textAt(json, 'message');
  if (error !== undefined) reading.warn('error', `npm could not audit: ${error}`);
}

export const importer = defineImporter({
  id: TOOL,
  title: 'npm audit',
  formats: [
    'JSON of `npm audit --json`, of npm 6 and of npm 7 and later',
    'JSON of `yarn npm audit --json` of Yarn 2 and 3',
  ],
  kinds: ['dependency'],
  documentation: 'https://docs.npmjs.com/cli/commands/npm-audit',
  recognise({ json }) {
    if (numberAt(json, 'auditReportVersion') !== undefined) return 2;
    const advisories = npmAdvisories(json);
    if (advisories !== undefined)
      return Array.isArray(valueAt(json, 'actions')) && !hasWorkspacePaths(advisories) ? 2 : 0;
    return /^E(?:AUDIT|NOAUDIT|NOLOCK)/.test(textAt(json, 'error', 'code') ?? '') ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    if (numberAt(json, 'auditReportVersion') !== undefined) readVersion2(json, reading);
    else
      reading.each(npmAdvisories(json) ?? [], 'advisories', (advisory) =>
        reading.add(draftOfNpmAdvisory(TOOL, advisory)),
      );
    warnOfError(json, reading);
    return reading.finish({ tool: TOOL });
  },
});
