import { cvssOfVector } from '../../cvss-vector.ts';
import { cweNumbers } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
  valueAt,
} from '../../json-fields.ts';
import { packageReference, packageType } from '../../make-package-url.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';

const TOOL = 'osv-scanner';
const SYSTEM_PACKAGES = new Set(['deb', 'rpm', 'apk']);

/** Versions in which it is mended, for the package that was found. */
function fixedVersionsOf(vulnerabilities: readonly JsonObject[], name: string | undefined): string[] {
  const fixed = vulnerabilities.flatMap((vulnerability) =>
    listAt(vulnerability, 'affected')
      .filter((affected) => textAt(affected, 'package', 'name') === name)
      .flatMap((affected) => listAt(affected, 'ranges'))
      .filter((range) => textAt(range, 'type') !== 'GIT')
      .flatMap((range) => listAt(range, 'events'))
      .flatMap((event) => textAt(event, 'fixed') ?? []),
  );
  return [...new Set(fixed)];
}

/** CVSS v3 is preferred, whose score can be told from its vector; `max_severity` of the group is a score. */
function cvssOfGroup(group: unknown, vulnerabilities: readonly JsonObject[]) {
  const all = vulnerabilities.flatMap((each) => listAt(each, 'severity'));
  const vectorOf = (type: string) =>
    textAt(
      all.find((each) => textAt(each, 'type') === type),
      'score',
    );
  const score = numberAt(group, 'max_severity');
  return cvssOfVector(vectorOf('CVSS_V3') ?? vectorOf('CVSS_V4') ?? vectorOf('CVSS_V2'), score);
}

function addGroup(
  reading: ReportReading,
  group: unknown,
  vulnerabilities: readonly JsonObject[],
  place: { readonly source: unknown; readonly found: JsonObject },
): void {
  const [first] = vulnerabilities;
  const ids = [...textsAt(group, 'ids'), ...textsAt(group, 'aliases')];
  const ruleId = textAt(first, 'id') ?? ids[0];
  const { source, found } = place;
  const name = textAt(found, 'package', 'name');
  const cvss = cvssOfGroup(group, vulnerabilities);
  const word = textAt(first, 'database_specific', 'severity');
  const fixedVersions = fixedVersionsOf(vulnerabilities, name);
  const details = textAt(first, 'details');
  // `called` is of the analysis of calls: the flawed function is never reached.
  const called = valueAt(Object.values(valueAt(group, 'experimentalAnalysis') ?? {})[0], 'called');
  reading.add({
    tool: TOOL,
    kind: SYSTEM_PACKAGES.has(packageType(textAt(found, 'package', 'ecosystem')) ?? '')
      ? 'container'
      : 'dependency',
    ruleId,
    title: `${name ?? 'a package'}: ${textAt(first, 'summary') ?? ruleId}`,
    description: details,
    // Malicious packages have no score: whoever installs one has run it.
    severity:
      severityOfScore(cvss?.score) ??
      severityOfWord(word) ??
      (ruleId?.startsWith('MAL-') === true ? 'critical' : 'medium'),
    severityText: word,
    cvss,
    cwe: cweNumbers(vulnerabilities.flatMap((each) => textsAt(each, 'database_specific', 'cwe_ids'))),
    aliases: [...ids, ...vulnerabilities.flatMap((each) => textsAt(each, 'aliases'))].filter(
      (id) => id !== ruleId,
    ),
    place: {
      file: textAt(source, 'path'),
      package: packageReference({
        ecosystem: textAt(found, 'package', 'ecosystem'),
        name,
        version: textAt(found, 'package', 'version'),
        fixedVersions,
      }),
      commit: textAt(found, 'package', 'commit'),
    },
    remedy: fixedVersions.length === 0 ? undefined : `Change ${name} to ${fixedVersions.join(' or ')}.`,
    references: listAt(first, 'references').flatMap((reference) => textAt(reference, 'url') ?? []),
    attributes: {
      sourceType: textAt(source, 'type'),
      dependencyGroups: textsAt(found, 'dependency_groups').join(', '),
      called: typeof called === 'boolean' ? String(called) : undefined,
    },
  });
}

/** Its documentation says `packageSource`, what it writes is `source`. */
function sourceOf(result: unknown): JsonObject | undefined {
  return objectAt(result, 'source') ?? objectAt(result, 'packageSource');
}

/** Licences that the team's settings do not allow. */
function addLicences(reading: ReportReading, source: unknown, found: JsonObject): void {
  const name = textAt(found, 'package', 'name');
  for (const licence of textsAt(found, 'license_violations'))
    reading.add({
      tool: TOOL,
      kind: 'licence',
      ruleId: licence,
      title: `${name ?? 'a package'} is under ${licence}, which is not allowed`,
      severity: 'medium',
      place: {
        file: textAt(source, 'path'),
        package: packageReference({
          ecosystem: textAt(found, 'package', 'ecosystem'),
          name,
          version: textAt(found, 'package', 'version'),
        }),
      },
    });
}

/** Several databases describe one flaw; the tool groups what they call by different names. */
function readPackage(reading: ReportReading, source: unknown, found: JsonObject, at: string): void {
  addLicences(reading, source, found);
  const vulnerabilities = listAt(found, 'vulnerabilities').filter(isObject);
  const byId = new Map(vulnerabilities.map((each) => [textAt(each, 'id'), each]));
  const groups = listAt(found, 'groups');
  const grouped = new Set(groups.flatMap((group) => textsAt(group, 'ids')));
  reading.each(groups, `${at}.groups`, (group) => {
    const own = textsAt(group, 'ids')
      .map((id) => byId.get(id))
      .filter((each) => each !== undefined);
    addGroup(reading, group, own, { source, found });
  });
  for (const each of vulnerabilities)
    if (!grouped.has(textAt(each, 'id') ?? '')) addGroup(reading, undefined, [each], { source, found });
}

export const importer = defineImporter({
  id: TOOL,
  title: 'OSV-Scanner',
  formats: ['JSON of `osv-scanner --format json`'],
  kinds: ['dependency', 'container', 'licence'],
  documentation: 'https://google.github.io/osv-scanner/output/',
  recognise({ json }) {
    const results = valueAt(json, 'results');
    if (!Array.isArray(results)) return 0;
    const first: unknown = results[0];
    const isOurs = sourceOf(first) !== undefined && Array.isArray(valueAt(first, 'packages'));
    return isOurs || isObject(valueAt(json, 'experimental_config')) ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json, 'results'), 'results', (result, at) =>
      reading.each(listAt(result, 'packages'), `${at}.packages`, (found, place) =>
        readPackage(reading, sourceOf(result), found, place),
      ),
    );
    return reading.finish({ tool: TOOL });
  },
});
