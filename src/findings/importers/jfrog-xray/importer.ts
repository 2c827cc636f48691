import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  firstText,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { otherNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

/** `rpm://7:expat:17:2.1.0-10.el7_3`, `gav://org.acme:cart:1.0`, `pypi://Jinja2:2.11.2`: the version stands last. */
function packageOf(component: string | undefined, fixedVersions: readonly string[]): PlaceDraft['package'] {
  const [, type, rest] = /^([a-z]{1,20}):\/\/(.{1,1000})$/i.exec(component ?? '') ?? [];
  if (type === undefined || rest === undefined)
    return component === undefined ? undefined : { name: component };
  const ecosystem = type === 'gav' ? 'maven' : type;
  const parts = rest.split(':');
  // Packages of a distribution begin with its release and have an epoch before the version.
  if (type === 'rpm' || type === 'deb') {
    const name = parts[1] ?? parts[0] ?? rest;
    return { name, version: parts.slice(2).join(':'), ecosystem, fixedVersions };
  }
  const version = parts.length > 1 ? parts.at(-1) : undefined;
  return { name: parts.length > 1 ? parts.slice(0, -1).join(':') : rest, version, ecosystem, fixedVersions };
}

function cvssOfRow(row: JsonObject) {
  const [cve] = listAt(row, 'cves');
  return (
    cvssOf(numberAt(cve, 'cvss_v3_score'), textAt(cve, 'cvss_v3_vector')) ??
    cvssOf(numberAt(row, 'cvss3_max_score')) ??
    cvssOf(numberAt(cve, 'cvss_v2_score'), textAt(cve, 'cvss_v2_vector'))
  );
}

function rowDraft(row: JsonObject): FindingDraft {
  const names = listAt(row, 'cves').flatMap((cve) => textAt(cve, 'cve') ?? []);
  const issue = textAt(row, 'issue_id');
  const ruleId = names[0] ?? issue;
  const artifact = textAt(row, 'impacted_artifact');
  const image = /^docker:\/\/(.{1,1000})$/.exec(artifact ?? '')?.[1];
  // "≥ 1:11.0.5.10-0.el7_7" names a bound of versions.
  const fixed = textsAt(row, 'fixed_versions').map((version) => version.replace(/^[≥>=\s]+/, ''));
  const severityText = textAt(row, 'severity');
  const about = packageOf(firstText(row, ['vulnerable_component']), fixed);
  return {
    tool: 'jfrog-xray',
    ruleId,
    kind: image === undefined ? 'dependency' : 'container',
    title: textAt(row, 'summary'),
    description: textAt(row, 'description'),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    cvss: cvssOfRow(row),
    cwe: listAt(row, 'cves').flatMap((cve) =>
      textsAt(cve, 'cwe').map((each) => Number(each.replace(/^CWE-/i, ''))),
    ),
    aliases: [...otherNames(ruleId, names), ...(issue === undefined || issue === ruleId ? [] : [issue])],
    place: {
      file: textAt(row, 'component_physical_path'),
      image,
      resource: image === undefined ? artifact : undefined,
      package: about,
    },
    references: textsAt(row, 'references'),
    attributes: {
      artifact: textAt(row, 'path'),
      applicability: textAt(row, 'applicability_result'),
      type: textAt(row, 'package_type'),
    },
  };
}

function isRow(value: unknown): boolean {
  return isObject(value) && 'vulnerable_component' in value && 'impacted_artifact' in value;
}

export const importer = defineImporter({
  id: 'jfrog-xray',
  title: 'JFrog Xray',
  formats: ['JSON of a vulnerabilities report'],
  kinds: ['dependency', 'container'],
  documentation: 'https://jfrog.com/help/r/xray-rest-apis/get-vulnerabilities-report-content',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json) || !Array.isArray(json['rows']) || !('total_rows' in json))
      return 0;
    const first: unknown = json['rows'][0];
    return first === undefined || isRow(first) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const rows = listAt(content.json, 'rows');
    reading.each(rows, 'rows', (row) => reading.add(rowDraft(row)));
    reading.expectTotal('rows', rows.length, numberAt(content.json, 'total_rows'));
    return reading.finish({ tool: 'jfrog-xray', ranAtMs: timeAt(rows[0], 'artifact_scan_time') });
  },
});
