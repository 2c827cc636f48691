import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  positionAt,
  textAt,
  textsAt,
  valueAt,
} from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { cvssOf } from '../../report-cvss.ts';
import type { ReportReading } from '../../report-reading.ts';
import type { FindingKind } from '../../reported-finding.ts';
import type { Severity } from '../../severity.ts';

/** MobSF's words; `secure` and `good` say that something is in order. */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  high: 'high',
  error: 'high',
  warning: 'medium',
  info: 'info',
  hotspot: 'info',
  dangerous: 'low',
};

export function severityOfMobsf(word: string | undefined): Severity | undefined {
  const key = word?.toLowerCase() ?? '';
  return lookUp(SEVERITIES, key);
}

interface Part {
  readonly rule: string | undefined;
  readonly title: string | undefined;
  readonly description?: string | undefined;
  readonly severity: string | undefined;
  readonly kind?: FindingKind;
  readonly metadata?: JsonObject | undefined;
  readonly place?: PlaceDraft;
  readonly otherPlaces?: readonly PlaceDraft[];
  readonly section: string;
}

function addPart(part: Part, reading: ReportReading): void {
  const severity = severityOfMobsf(part.severity);
  if (severity === undefined) return;
  const { metadata } = part;
  const draft: FindingDraft = {
    tool: 'mobsf',
    ruleId: part.rule,
    kind: part.kind ?? 'code',
    title: part.title === undefined ? undefined : htmlToText(part.title),
    description: part.description === undefined ? undefined : htmlToText(part.description),
    severity,
    severityText: part.severity,
    cvss: cvssOf(numberAt(metadata, 'cvss')),
    cwe: cweNumbers([textAt(metadata, 'cwe')]),
    place: part.place,
    otherPlaces: part.otherPlaces,
    references: textsAt(metadata, 'ref'),
    attributes: {
      section: part.section,
      masvs: textAt(metadata, 'masvs'),
      owasp: textAt(metadata, 'owasp-mobile'),
    },
  };
  reading.add(draft);
}

function placesOf(files: unknown): readonly PlaceDraft[] {
  return Object.entries(isObject(files) ? files : {}).flatMap(([file, lines]) => {
    const numbers = (textAt(lines) ?? '').split(',', 200).map((line) => positionAt({ line }, 'line'));
    return [...new Set(numbers)].map((line) => ({ file, line }));
  });
}

/** Rules of the code with the files in which they match: one finding for each file, as each has to be mended. */
function readCode(json: unknown, reading: ReportReading): void {
  const findings = objectAt(json, 'code_analysis', 'findings') ?? objectAt(json, 'code_analysis') ?? {};
  for (const [rule, found] of Object.entries(findings)) {
    const metadata = objectAt(found, 'metadata');
    if (metadata === undefined) continue;
    const byFile = Map.groupBy(placesOf(valueAt(found, 'files')), ({ file }) => file);
    const base = {
      rule,
      title: textAt(metadata, 'description'),
      severity: textAt(metadata, 'severity'),
      metadata,
      section: 'code',
    };
    if (byFile.size === 0) addPart(base, reading);
    for (const [place, ...otherPlaces] of byFile.values())
      addPart({ ...base, place: place ?? {}, otherPlaces }, reading);
  }
}

function readManifest(json: unknown, reading: ReportReading): void {
  const manifest = valueAt(json, 'manifest_analysis');
  const items = Array.isArray(manifest) ? manifest : listAt(manifest, 'manifest_findings');
  reading.each(items, 'manifest_analysis', (item) =>
    addPart(
      {
        rule: textAt(item, 'rule') ?? textAt(item, 'title'),
        title: textAt(item, 'title'),
        description: textAt(item, 'description') ?? textAt(item, 'desc'),
        severity: textAt(item, 'severity') ?? textAt(item, 'stat'),
        place: { file: 'AndroidManifest.xml', symbol: textsAt(item, 'component').join(', ') },
        section: 'manifest',
      },
      reading,
    ),
  );
}

function readNetwork(json: unknown, reading: ReportReading): void {
  const items = [
    ...listAt(json, 'network_security', 'network_findings'),
    ...listAt(json, 'network_security'),
  ];
  reading.each(items, 'network_security', (item) =>
    addPart(
      {
        rule: 'network_security',
        title: textAt(item, 'description'),
        severity: textAt(item, 'severity'),
        place: { resource: textsAt(item, 'scope').join(', ') },
        section: 'network',
      },
      reading,
    ),
  );
}

function readCertificate(json: unknown, reading: ReportReading): void {
  for (const item of listAt(json, 'certificate_analysis', 'certificate_findings'))
    addPart(
      {
        rule: textAt(item, 2) ?? 'certificate',
        title: textAt(item, 2) ?? textAt(item, 1),
        description: textAt(item, 1),
        severity: textAt(item, 0),
        section: 'certificate',
      },
      reading,
    );
}

/** Android lists the libraries with their switches, iOS the findings of the one binary. */
function readBinaries(json: unknown, reading: ReportReading): void {
  const findings = objectAt(json, 'binary_analysis', 'findings') ?? {};
  for (const [title, found] of Object.entries(findings))
    addPart(
      {
        rule: title,
        title,
        description: textAt(found, 'detailed_desc'),
        severity: textAt(found, 'severity'),
        metadata: isObject(found) ? found : undefined,
        section: 'binary',
      },
      reading,
    );
  reading.each(listAt(json, 'binary_analysis'), 'binary_analysis', (binary) => {
    const file = textAt(binary, 'name');
    for (const [check, found] of Object.entries(binary)) {
      // What is informational there says that a protection is in place.
      if (!isObject(found) || textAt(found, 'severity') === 'info') continue;
      const description = textAt(found, 'description');
      addPart(
        {
          rule: `binary_${check}`,
          title: description?.split(/(?<=\.)\s/, 1)[0],
          description,
          severity: textAt(found, 'severity'),
          place: { file },
          section: 'binary',
        },
        reading,
      );
    }
  });
}

function readPermissions(json: unknown, reading: ReportReading): void {
  for (const [permission, found] of Object.entries(objectAt(json, 'permissions') ?? {}))
    if (textAt(found, 'status') === 'dangerous')
      addPart(
        {
          rule: 'dangerous_permission',
          title: `${permission}: ${textAt(found, 'info') ?? 'dangerous permission'}`,
          description: textAt(found, 'description'),
          severity: 'dangerous',
          place: { file: 'AndroidManifest.xml', symbol: permission },
          section: 'permissions',
        },
        reading,
      );
}

/** `"google_api_key" : "…"`: the name is kept, the value is not. */
function readSecrets(json: unknown, reading: ReportReading): void {
  for (const secret of textsAt(json, 'secrets')) {
    const name = /^"([\w.-]{1,100})"\s*:/.exec(secret)?.[1];
    addPart(
      {
        rule: 'secret',
        title: `Possible secret${name === undefined ? '' : ` ${name}`}`,
        severity: 'warning',
        kind: 'secret',
        place: { symbol: name },
        section: 'secrets',
      },
      reading,
    );
  }
}

/** A report of MobSF's static analysis of an app. */
export function readReport(json: unknown, reading: ReportReading): void {
  for (const read of [
    readCode,
    readManifest,
    readNetwork,
    readCertificate,
    readBinaries,
    readPermissions,
    readSecrets,
  ])
    read(json, reading);
}
