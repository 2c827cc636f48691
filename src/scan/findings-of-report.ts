import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Finding, Location } from '#findings/finding.ts';
import { computeFingerprints, type FingerprintParts } from '#findings/fingerprint.ts';
import type { ReportedFinding, ReportedPlace } from '#findings/reported-finding.ts';
import type { RuleDescription } from '#findings/rule-description.ts';
import { SourceText } from '#pipeline/source.ts';
import { locate } from './locate.ts';

const FILE_BYTES_MAX = 20_000_000;
const FILES_KEPT_MAX = 2_000;

/** What other tools found, as findings of a scan, with the rules that they name. */
export interface ReportedScan {
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleDescription[];
}

/** Texts of the files that reports name; never one outside of the root, whatever a report says. */
class ReportedFiles {
  readonly root: string;
  readonly #texts = new Map<string, SourceText | undefined>();

  constructor(root: string) {
    this.root = root;
  }

  /** As the scan names it: relative to the root where it lies below it. */
  nameOf(file: string): string {
    const inside = path.relative(this.root, path.resolve(this.root, file));
    return inside === '' || inside.startsWith('..') || path.isAbsolute(inside)
      ? file
      : inside.split(path.sep).join('/');
  }

  textOf(name: string): SourceText | undefined {
    if (!this.#texts.has(name)) {
      if (this.#texts.size >= FILES_KEPT_MAX) this.#texts.clear();
      this.#texts.set(name, this.#read(name));
    }
    return this.#texts.get(name);
  }

  #read(name: string): SourceText | undefined {
    const absolute = path.resolve(this.root, name);
    const stats = lstatSync(absolute, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || stats.size > FILE_BYTES_MAX) return undefined;
    const inside = path.relative(realpathSync(this.root), realpathSync(absolute));
    if (inside.startsWith('..') || path.isAbsolute(inside)) return undefined;
    return new SourceText(name, readFileSync(absolute, 'utf8'));
  }
}

/** What stands for a place that is no file: an address, an image, a resource. */
function nameOfPlace({ file, url, image, resource, host, package: part }: ReportedPlace): string {
  return file ?? url ?? image ?? resource ?? host ?? part?.name ?? 'unknown';
}

function bareLocation(place: ReportedPlace): Location {
  const { line = 1, column = 1, endLine = line, endColumn = column } = place;
  return {
    file: nameOfPlace(place),
    start: { line, column, offset: 0 },
    end: { line: endLine, column: endColumn, offset: 0 },
    excerpt: { firstLine: line, lines: [] },
  };
}

/** The lines of a secret are not shown: only its tool knows which part of them must be hidden. */
function locateReported(place: ReportedPlace, files: ReportedFiles, shown: boolean): Location {
  const file = place.file === undefined ? undefined : files.nameOf(place.file);
  const source = file === undefined || !shown ? undefined : files.textOf(file);
  if (source === undefined) return bareLocation(file === undefined ? place : { ...place, file });
  const { line = 1, column, endLine = line, endColumn } = place;
  if (line > source.lineCount) return bareLocation({ ...place, file: source.file });
  const start = source.lineStart(line) + (column ?? 1) - 1;
  const wholeLines = source.lineStart(endLine) + source.line(endLine).length;
  const end = endColumn === undefined ? wholeLines : source.lineStart(endLine) + endColumn - 1;
  return locate(source, { start, end: Math.max(start, end) });
}

/** `checkov/CKV_AWS_20`: ids of two tools never meet. */
export function ruleIdOfReported({ tool, ruleId }: ReportedFinding): string {
  return `${tool}/${ruleId}`;
}

/** The tool's own title, behind the thing that it is about where the title does not name it. */
function messageOf({ title, place, severityText }: ReportedFinding, root: string): string {
  const { package: part, resource, url, file } = place;
  const where = part === undefined ? (resource ?? url) : [part.name, part.version].filter(Boolean).join(' ');
  const known = where === undefined || title.includes(where) || where.includes(path.basename(file ?? '/'));
  const text = known ? title : `${where}: ${title}`;
  return text === '' ? (severityText ?? 'no title') : text.replaceAll(`${root}${path.sep}`, '');
}

function remedyOf({ remedy, place, references }: ReportedFinding): string {
  if (remedy !== undefined) return remedy;
  const [fixed] = place.package?.fixedVersions ?? [];
  if (fixed !== undefined) return `Update ${place.package?.name ?? 'it'} to ${fixed} or later.`;
  return references[0] === undefined ? 'The tool does not say how.' : `See ${references[0]}`;
}

function describeRule(finding: ReportedFinding): RuleDescription {
  return {
    id: ruleIdOfReported(finding),
    title: finding.title,
    severity: finding.severity,
    confidence: finding.confidence ?? 'medium',
    persona: 'regular',
    standards: { cicdSec: [], cwe: finding.cwe.map((number) => `CWE-${number}` as const), cis: [] },
    description: finding.description === '' ? finding.title : finding.description,
    why: finding.description,
    remedy: remedyOf(finding),
    references: finding.references,
    aliases: finding.aliases,
  };
}

const DECISIONS = {
  accepted: 'accepted in the tool',
  'false-positive': 'marked as a false positive in the tool',
  'not-affected': 'marked as not affected in the tool',
  fixed: 'marked as fixed in the tool',
} as const;

function toFinding(reported: ReportedFinding, files: ReportedFiles): Omit<Finding, 'fingerprint'> {
  const { decision } = reported;
  const shown = reported.kind !== 'secret';
  const others = reported.otherPlaces.map((place) => locateReported(place, files, shown));
  return {
    ruleId: ruleIdOfReported(reported),
    severity: reported.severity,
    confidence: reported.confidence ?? 'medium',
    persona: 'regular',
    message: messageOf(reported, files.root),
    explanation: reported.description,
    remedy: remedyOf(reported),
    locations: [locateReported(reported.place, files, shown), ...others],
    fixes: [],
    ...(decision === undefined
      ? {}
      : {
          suppression: {
            kind: 'inline',
            justification: decision.reason ?? DECISIONS[decision.state],
            ...(decision.by === undefined ? {} : { owner: decision.by }),
          },
        }),
  };
}

/** What of a finding is the same when its line moves. */
function partsOf({ place, snippet, ...reported }: ReportedFinding, location: Location): FingerprintParts {
  const part = place.package;
  const thing = [
    part?.purl ?? part?.name,
    place.resource,
    place.symbol,
    place.method,
    place.url,
    place.parameter,
  ];
  return {
    ruleId: `${reported.tool}/${reported.ruleId}`,
    file: location.file,
    structure: thing.filter((each) => each !== undefined).join(' '),
    text: snippet ?? location.excerpt.lines.join('\n'),
  };
}

/** Findings of other tools beside ours, in their order; files are looked up below `root` to show the lines. */
export function findingsOfReport(reported: readonly ReportedFinding[], root: string): ReportedScan {
  const files = new ReportedFiles(root);
  const drafts = reported.map((each) => toFinding(each, files));
  const fingerprints = computeFingerprints(
    reported.flatMap((each, index) => {
      const draft = drafts[index];
      return draft === undefined ? [] : [partsOf(each, draft.locations[0])];
    }),
  );
  const rules = new Map(reported.map((each) => [ruleIdOfReported(each), each]));
  return {
    findings: drafts.map((draft, index) => ({ ...draft, fingerprint: fingerprints[index] ?? '' })),
    rules: [...rules.values()].map(describeRule),
  };
}
