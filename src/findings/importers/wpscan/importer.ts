import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { cvssOf } from '../../report-cvss.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore } from '../../report-severity.ts';

/** What is installed, and where. */
interface Part {
  readonly name: string;
  readonly version: string | undefined;
  readonly url: string | undefined;
}

function vulnerabilityDraft(vulnerability: JsonObject, part: Part): FindingDraft {
  const references = objectAt(vulnerability, 'references');
  const cves = textsAt(references, 'cve').map((number) => `CVE-${number.replace(/^CVE-/i, '')}`);
  const entry = textsAt(references, 'wpvulndb')[0];
  const title = textAt(vulnerability, 'title');
  const score = numberAt(vulnerability, 'cvss', 'score');
  const fixed = textAt(vulnerability, 'fixed_in');
  const place: PlaceDraft = {
    url: part.url,
    package: {
      name: part.name,
      version: part.version,
      ecosystem: 'wordpress',
      fixedVersions: fixed === undefined ? [] : [fixed],
    },
  };
  return {
    tool: 'wpscan',
    ruleId: cves[0] ?? (entry === undefined ? title : `WPVDB-${entry}`),
    kind: 'dependency',
    title,
    description: textAt(vulnerability, 'description'),
    // Only paid accounts get a score.
    severity: severityOfScore(score) ?? 'medium',
    cvss: cvssOf(score, textAt(vulnerability, 'cvss', 'vector')),
    aliases: [...cves.slice(1), ...(entry === undefined || cves.length === 0 ? [] : [`WPVDB-${entry}`])],
    place,
    remedy: fixed === undefined ? undefined : `Upgrade to ${fixed}.`,
    references: textsAt(references, 'url'),
  };
}

function readPart(
  part: unknown,
  name: string,
  at: string,
  target: string | undefined,
  reading: ReportReading,
): void {
  const version = textAt(part, 'version', 'number') ?? textAt(part, 'number');
  const url = textAt(part, 'location') ?? target;
  reading.each(listAt(part, 'vulnerabilities'), `${at}.vulnerabilities`, (vulnerability) =>
    reading.add(vulnerabilityDraft(vulnerability, { name, version, url })),
  );
}

/** What WPScan thinks is worth a look: headers, files, switches. */
function interestingDraft(interesting: JsonObject): FindingDraft {
  const confidence = numberAt(interesting, 'confidence') ?? 0;
  const type = textAt(interesting, 'type');
  return {
    tool: 'wpscan',
    ruleId: type,
    kind: 'web',
    title: textAt(interesting, 'to_s') ?? type,
    description: textsAt(interesting, 'interesting_entries')
      .map((entry) => `- ${entry}`)
      .join('\n'),
    severity: 'info',
    confidence: confidence >= 80 ? 'high' : confidence >= 40 ? 'medium' : 'low',
    place: { url: textAt(interesting, 'url') },
    references: textsAt(interesting, 'references', 'url'),
    attributes: { foundBy: textAt(interesting, 'found_by') },
  };
}

export const importer = defineImporter({
  id: 'wpscan',
  title: 'WPScan',
  formats: ['JSON of `wpscan -f json`'],
  kinds: ['web', 'dependency'],
  documentation: 'https://github.com/wpscanteam/wpscan/wiki/WPScan-User-Documentation',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json)) return 0;
    return 'interesting_findings' in json && 'target_url' in json ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    const target = textAt(json, 'target_url');
    reading.each(listAt(json, 'interesting_findings'), 'interesting_findings', (each) =>
      reading.add(interestingDraft(each)),
    );
    readPart(objectAt(json, 'version'), 'wordpress', 'version', target, reading);
    const theme = objectAt(json, 'main_theme');
    readPart(theme, textAt(theme, 'slug') ?? 'theme', 'main_theme', target, reading);
    for (const list of ['plugins', 'themes'])
      for (const [slug, part] of Object.entries(objectAt(json, list) ?? {}))
        readPart(part, slug, `${list}.${slug}`, target, reading);
    const abort = textAt(json, 'scan_aborted');
    if (abort !== undefined) reading.warn('scan_aborted', abort);
    return reading.finish({
      tool: 'wpscan',
      toolVersion: textAt(json, 'banner', 'version'),
      ranAtMs: timeAt(json, 'start_time'),
    });
  },
});
