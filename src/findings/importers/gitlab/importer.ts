import type { FindingDraft } from '../../build-reported-finding.ts';
import { cvssOfVector } from '../../cvss-vector.ts';
import { defineImporter } from '../../importer.ts';
import { firstText, isObject, type JsonObject, listAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { otherNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { createRedactor } from '../../report-secret.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingKind } from '../../reported-finding.ts';
import type { Confidence } from '../../severity.ts';
import { readIdentifiers } from './identifiers.ts';
import { placeOfLocation } from './place.ts';

const KINDS: Readonly<Record<string, FindingKind>> = {
  sast: 'code',
  coverage_fuzzing: 'code',
  secret_detection: 'secret',
  dependency_scanning: 'dependency',
  container_scanning: 'container',
  cluster_image_scanning: 'container',
  dast: 'web',
  api_fuzzing: 'web',
};

/** `Confidence` of schemas up to 14; `Unknown`, `Undefined` and `Ignore` say nothing. */
const CONFIDENCES: Readonly<Record<string, Confidence>> = {
  Confirmed: 'high',
  High: 'high',
  Medium: 'medium',
  Low: 'low',
  Experimental: 'low',
};

function kindOf(category: string | undefined, scanner: string | undefined): FindingKind {
  // GitLab runs KICS as a static analysis.
  if (scanner === 'kics') return 'infrastructure';
  return lookUp(KINDS, category) ?? 'code';
}

/** The signature of the narrowest scope stays the same when lines move (schema 14.0.4, "tracking"). */
function signatureOf(vulnerability: JsonObject, ruleId: string | undefined): string | undefined {
  const signatures = listAt(valueAt(vulnerability, 'tracking', 'items', 0), 'signatures');
  const best =
    signatures.find((each) => textAt(each, 'algorithm') === 'scope_offset_compressed') ??
    signatures.find((each) => textAt(each, 'algorithm') === 'scope_offset') ??
    signatures.find((each) => textAt(each, 'algorithm') === 'location');
  const value = textAt(best, 'value');
  return value === undefined || ruleId === undefined ? undefined : `${ruleId}:${value}`;
}

/** "Upgrade apt from 1.4.8 to 1.4.9", "Upgrade to version 2.2.3 or above." */
function fixedVersionOf(solution: string | undefined): readonly string[] {
  const version = /\bto (?:version )?v?(\d[\w.+:~-]{0,80}?)(?:\.?$|[ ,]|\. )/.exec(
    solution?.slice(0, 500) ?? '',
  )?.[1];
  return version === undefined ? [] : [version];
}

function vulnerabilityDraft(vulnerability: JsonObject, scanType: string | undefined): FindingDraft {
  const { ruleId, cwe, names, links } = readIdentifiers(vulnerability);
  const category = textAt(vulnerability, 'category') ?? scanType;
  const scanner = textAt(vulnerability, 'scanner', 'id');
  const kind = kindOf(category, scanner);
  const redact = createRedactor([textAt(vulnerability, 'raw_source_code_extract')]);
  const solution = textAt(vulnerability, 'solution');
  const place = placeOfLocation(vulnerability);
  const severityText = textAt(vulnerability, 'severity');
  const likelyFalse = listAt(vulnerability, 'flags').some(
    (flag) => textAt(flag, 'type') === 'flagged-as-likely-false-positive',
  );
  return {
    tool: 'gitlab',
    ruleId,
    kind,
    title: redact(firstText(vulnerability, ['name', 'message'])),
    description: redact(firstText(vulnerability, ['description', 'message'])),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    confidence: likelyFalse ? 'low' : lookUp(CONFIDENCES, textAt(vulnerability, 'confidence')),
    cvss: cvssOfVector(textAt(listAt(vulnerability, 'cvss_vectors')[0], 'vector')),
    cwe,
    aliases: otherNames(ruleId, names),
    place: {
      ...place,
      package:
        place.package === undefined
          ? undefined
          : { ...place.package, fixedVersions: fixedVersionOf(solution) },
    },
    snippet: kind === 'secret' ? undefined : textAt(vulnerability, 'evidence', 'summary'),
    remedy: solution,
    references: links,
    toolFingerprint: kind === 'secret' ? undefined : signatureOf(vulnerability, ruleId),
    foundAtMs: timeAt(vulnerability, 'discovered_at'),
    attributes: {
      category,
      scanner: scanner ?? textAt(vulnerability, 'scanner', 'name'),
      operatingSystem: textAt(vulnerability, 'location', 'operating_system'),
      flag: likelyFalse ? 'likely false positive' : undefined,
    },
  };
}

function isVulnerability(value: unknown): boolean {
  if (!isObject(value) || !Array.isArray(value['identifiers']) || !isObject(value['location'])) return false;
  return 'severity' in value && (isObject(valueAt(value, 'identifiers', 0)) || 'category' in value);
}

export const importer = defineImporter({
  id: 'gitlab',
  title: 'GitLab security reports',
  formats: [
    '`gl-sast-report.json`, `gl-dependency-scanning-report.json`, `gl-container-scanning-report.json`, `gl-secret-detection-report.json`, `gl-dast-report.json`, API and coverage fuzzing reports (schemas 2 to 15)',
  ],
  kinds: ['code', 'infrastructure', 'secret', 'dependency', 'container', 'web'],
  documentation: 'https://gitlab.com/gitlab-org/security-products/security-report-schemas',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json) || !Array.isArray(json['vulnerabilities'])) return 0;
    const { vulnerabilities } = json;
    const type = textAt(json, 'scan', 'type');
    // A report of GitLab's DAST holds the whole report of ZAP too, so it goes before that.
    if (type !== undefined && isObject(valueAt(json, 'scan', 'scanner'))) return 3;
    return isVulnerability(vulnerabilities[0]) ? 3 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    const scan = valueAt(json, 'scan');
    const type = textAt(scan, 'type');
    reading.each(listAt(json, 'vulnerabilities'), 'vulnerabilities', (vulnerability) =>
      reading.add(vulnerabilityDraft(vulnerability, type)),
    );
    for (const message of listAt(scan, 'messages').filter((each) => textAt(each, 'level') !== 'info'))
      reading.warn('scan.messages', textAt(message, 'value') ?? 'the scanner reported a problem');
    if (textAt(scan, 'status') === 'failure')
      reading.warn('scan.status', 'the scan failed; it may have seen a part only');
    return reading.finish({
      tool: 'gitlab',
      toolVersion: textAt(scan, 'scanner', 'version'),
      ranAtMs: timeAt(scan, 'end_time'),
    });
  },
});
