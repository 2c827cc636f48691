import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  positionAt,
  textAt,
  textsAt,
  valueAt,
} from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { otherNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { Severity } from '../../severity.ts';

const TOOL = 'govulncheck';

/** What govulncheck proves: that a flawed function is called, that its package is imported, or that the module is there. */
const levels = ['required', 'imported', 'called'] as const;
type Level = (typeof levels)[number];

/** The Go database gives no severity; what is reached weighs more than what only lies there. */
const SEVERITIES: Readonly<Record<Level, Severity>> = { called: 'high', imported: 'medium', required: 'low' };

interface Found {
  readonly osv: string;
  readonly module: string | undefined;
  readonly version: string | undefined;
  readonly fixed: string | undefined;
  level: Level;
  readonly places: PlaceDraft[];
}

/** Messages come as a stream, as a list, or as one object. */
function messagesOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

function levelOf(finding: unknown): Level {
  const first = valueAt(finding, 'trace', 0);
  if (textAt(first, 'function') !== undefined) return 'called';
  return textAt(first, 'package') === undefined ? 'required' : 'imported';
}

/** The trace begins in the flawed function and ends in our own code, which is the place to look at. */
function placeOf(finding: unknown): PlaceDraft {
  const own = listAt(finding, 'trace').at(-1);
  const symbol = [textAt(own, 'package'), textAt(own, 'receiver'), textAt(own, 'function')]
    .filter((part) => part !== undefined)
    .join('.');
  return {
    file: textAt(own, 'position', 'filename') ?? 'go.mod',
    line: positionAt(own, 'position', 'line'),
    column: positionAt(own, 'position', 'column'),
    symbol: symbol === '' ? undefined : symbol,
  };
}

/** One finding for each flaw and module, at the surest level that was proved. */
function collect(findings: readonly unknown[]): readonly Found[] {
  const all = new Map<string, Found>();
  for (const finding of findings) {
    const osv = textAt(finding, 'osv');
    if (osv === undefined) continue;
    const module = textAt(finding, 'trace', 0, 'module');
    const version = textAt(finding, 'trace', 0, 'version');
    const level = levelOf(finding);
    const key = `${osv}|${module}`;
    const known = all.get(key);
    const fixed = textAt(finding, 'fixed_version');
    if (known === undefined) all.set(key, { osv, module, version, fixed, level, places: [placeOf(finding)] });
    else if (levels.indexOf(level) > levels.indexOf(known.level)) {
      known.level = level;
      known.places.splice(0, known.places.length, placeOf(finding));
    } else if (level === known.level && known.places.length <= 50) known.places.push(placeOf(finding));
  }
  return [...all.values()];
}

function draftOf(found: Found, osv: unknown): FindingDraft {
  const { level, fixed, module } = found;
  const [place, ...otherPlaces] = found.places;
  const page = textAt(osv, 'database_specific', 'url');
  return {
    tool: TOOL,
    kind: 'dependency',
    ruleId: found.osv,
    title: `${module ?? 'a module'}: ${textAt(osv, 'summary') ?? found.osv}`,
    description: textAt(osv, 'details'),
    severity: severityOfWord(textAt(osv, 'severity')) ?? SEVERITIES[level],
    confidence: level === 'called' ? 'high' : level === 'imported' ? 'medium' : 'low',
    aliases: otherNames(found.osv, textsAt(osv, 'aliases')),
    place: {
      ...place,
      package: packageReference({
        ecosystem: 'golang',
        name: module,
        version: found.version,
        fixedVersions: fixed === undefined ? undefined : [fixed],
      }),
    },
    otherPlaces,
    remedy: fixed === undefined ? undefined : `Change ${module} to ${fixed}.`,
    references: [
      ...(page === undefined ? [] : [page]),
      ...listAt(osv, 'references').flatMap((reference) => textAt(reference, 'url') ?? []),
    ],
    attributes: { reachability: level },
  };
}

/** Versions before 1.0 wrote one object with a list of flaws and, for each, the symbols. */
function readLegacy(json: unknown, reading: ReportReading): void {
  reading.each(listAt(json, 'Vulns'), 'Vulns', (each) => {
    const osv = valueAt(each, 'OSV');
    const called = (textAt(each, 'CallSink') ?? '0') !== '0';
    const imported = (textAt(each, 'ImportSink') ?? '0') !== '0';
    const found: Found = {
      osv: textAt(osv, 'id') ?? 'unknown',
      module: textAt(each, 'ModPath'),
      version: undefined,
      fixed: undefined,
      level: called ? 'called' : imported ? 'imported' : 'required',
      places: [{ file: 'go.mod', symbol: textAt(each, 'Symbol') }],
    };
    reading.add(draftOf(found, osv));
  });
}

function isLegacy(json: unknown): boolean {
  return isObject(valueAt(json, 'Calls')) && isObject(valueAt(json, 'Requires'));
}

function readMessages(messages: readonly unknown[], reading: ReportReading): void {
  const osvs = new Map<string | undefined, JsonObject>();
  const findings: unknown[] = [];
  reading.each(messages, 'message', (message) => {
    const osv = objectAt(message, 'osv');
    if (osv !== undefined) osvs.set(textAt(osv, 'id'), osv);
    const finding = objectAt(message, 'finding');
    if (finding !== undefined) findings.push(finding);
  });
  for (const found of collect(findings)) reading.add(draftOf(found, osvs.get(found.osv)));
}

export const importer = defineImporter({
  id: TOOL,
  title: 'govulncheck',
  formats: ['JSON of `govulncheck -format json`, also of versions before 1.0'],
  kinds: ['dependency'],
  documentation: 'https://pkg.go.dev/golang.org/x/vuln/cmd/govulncheck',
  recognise({ json }) {
    if (isLegacy(json)) return 2;
    const isConfig = (message: unknown) => textAt(message, 'config', 'scanner_name') === TOOL;
    const isFinding = (message: unknown) => textAt(message, 'finding', 'osv') !== undefined;
    return messagesOf(json)
      .slice(0, 200)
      .some((message) => isConfig(message) || isFinding(message))
      ? 2
      : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    const messages = messagesOf(content.json);
    if (isLegacy(content.json)) readLegacy(content.json, reading);
    else readMessages(messages, reading);
    const config = messages.map((message) => valueAt(message, 'config')).find(isObject);
    return reading.finish({ tool: TOOL, toolVersion: textAt(config, 'scanner_version') });
  },
});
