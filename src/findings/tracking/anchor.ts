import { hash } from 'node:crypto';
import { normaliseText } from '../fingerprint.ts';
import type { PackageReference, ReportedFinding, ReportedPlace } from '../reported-finding.ts';
import { placeText } from './place-text.ts';
import { imageName } from './scope.ts';

/** What of a finding is kept for recognising it in the next report. */
export interface Anchor {
  /** The same for what cannot be told apart but by its position; see {@link anchorOf}. */
  readonly key: string;
  /** What the key is made of besides the file, so that it can be made again for a file that was renamed. */
  readonly base: string;
  /** Tool family, rule and kind of place: drift never looks beyond it. */
  readonly family: string;
  readonly file?: string;
  readonly line?: number;
  /** Digest of the text of the place; absent when the tool shows none, or when it is not the place that counts. */
  readonly text?: string;
  /** Package, resource or address: what it is about, where that is more than a line. */
  readonly subject?: string;
  /** Other names of the same flaw, for packages: an advisory is renamed when it gets its CVE. */
  readonly names?: readonly string[];
  /** Orders findings of one key; equal for the same finding in two reports. */
  readonly position: string;
  /** The tool's own id decided the key. */
  readonly own?: true;
}

const NAMES_MAX = 20;

function digest(parts: readonly (string | undefined)[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 27);
}

/** A package without its version: `pkg:npm/lodash`, from its purl or from ecosystem and name. */
export function packageKey({ purl, ecosystem, name }: PackageReference): string {
  if (purl === undefined || !purl.startsWith('pkg:')) {
    return `pkg:${(ecosystem ?? 'generic').toLowerCase()}/${name.toLowerCase()}`;
  }
  const bare = purl.split(/[?#]/, 1)[0] ?? purl;
  const at = bare.lastIndexOf('@');
  // A scope's `@` stands behind a slash: `pkg:npm/@acme/shop`.
  return (at > bare.lastIndexOf('/') ? bare.slice(0, at) : bare).replaceAll('%40', '@').toLowerCase();
}

/** The advisory by the name that most tools share: CVE before GHSA before the tool's own. */
export function advisoryNames({
  ruleId,
  aliases,
}: Pick<ReportedFinding, 'ruleId' | 'aliases'>): readonly string[] {
  const names = [...new Set([ruleId, ...aliases].map((name) => name.toUpperCase()))];
  const rank = (name: string) => (name.startsWith('CVE-') ? 0 : name.startsWith('GHSA-') ? 1 : 2);
  return names
    .toSorted((left, right) => rank(left) - rank(right) || (left < right ? -1 : left > right ? 1 : 0))
    .slice(0, NAMES_MAX);
}

/** Where a web finding is, without query and fragment, whose values change from run to run. */
function webPath({ url = '', host }: ReportedPlace): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed !== undefined) return `${parsed.host}${parsed.pathname}`;
  return `${host ?? ''}${url.split(/[?#]/, 1)[0] ?? ''}`;
}

function number(value: number | undefined): string {
  return String(value ?? 0).padStart(9, '0');
}

/** Line by line, and then by all else that tells one from another: equal ones can be taken for each other. */
function positionOf(finding: ReportedFinding, base: string): string {
  const { place, title, ruleId, aliases } = finding;
  const lines = [place.line, place.column, place.endLine, place.endColumn].map(number).join('.');
  const { version, dependencyPath } = place.package ?? {};
  const path = dependencyPath?.join('>');
  const rest = [version, path, place.symbol, place.commit, title, place.file, base, ruleId, ...aliases];
  return `${lines}.${digest(rest)}`;
}

type AnchorParts = Omit<Anchor, 'position' | 'own' | 'key'>;

function keyOf(base: string, file: string | undefined): string {
  return digest([base, file]);
}

function packageAnchor(finding: ReportedFinding, part: PackageReference): AnchorParts {
  const { tool, place } = finding;
  const names = advisoryNames(finding);
  const subject = packageKey(part);
  const image = place.image === undefined ? undefined : imageName(place.image);
  return {
    family: digest([tool, 'package', subject]),
    base: digest([tool, 'package', subject, names[0], image]),
    subject,
    names,
    ...(place.file !== undefined && { file: place.file }),
  };
}

function webAnchor({ tool, ruleId, place }: ReportedFinding): AnchorParts {
  const subject = `${place.method?.toUpperCase() ?? ''} ${webPath(place)}`;
  return {
    family: digest([tool, 'web', ruleId]),
    base: digest([tool, 'web', ruleId, subject, place.parameter]),
    subject,
  };
}

/** Without a file it is the resource, host or title that tells one from another. */
function fileAnchor({ tool, ruleId, kind, title, place, snippet }: ReportedFinding): AnchorParts {
  const { file, line, resource, symbol, image, host, commit } = place;
  const shown = resource === undefined ? placeText(snippet) : undefined;
  const words = normaliseText(title);
  const named = resource ?? (shown === undefined ? (symbol ?? words) : undefined);
  const text = shown === undefined ? undefined : digest([shown]);
  const about = file === undefined ? [image && imageName(image), host, resource ?? words] : [];
  const history = kind === 'secret' ? commit : undefined;
  return {
    family: digest([tool, 'place', ruleId, history]),
    base: digest([tool, 'place', ruleId, text, named, history, ...about]),
    ...(resource !== undefined && { subject: resource }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(text !== undefined && { text }),
  };
}

function partsOf(finding: ReportedFinding): AnchorParts {
  const { place } = finding;
  if (place.package !== undefined && finding.kind !== 'code') return packageAnchor(finding, place.package);
  if (finding.kind === 'web' || (place.url !== undefined && place.file === undefined))
    return webAnchor(finding);
  return fileAnchor(finding);
}

/**
 * What a finding is recognised by. The key is the tool's own fingerprint where it has one; else tool family and
 * package without version + advisory, or rule + method + address + parameter, or rule + file + text of the place
 * (the resource's address, where there is one: its text is the whole block). Lines are in no key.
 */
export function anchorOf(finding: ReportedFinding): Anchor {
  const parts = partsOf(finding);
  const { toolFingerprint, tool, ruleId } = finding;
  const position = positionOf(finding, parts.base);
  if (toolFingerprint === undefined) return { key: keyOf(parts.base, parts.file), ...parts, position };
  return { key: digest([tool, 'own', ruleId, toolFingerprint]), ...parts, position, own: true };
}

/** The anchor of a known finding whose file is called otherwise now. */
export function renameAnchor(anchor: Anchor, file: string): Anchor {
  return { ...anchor, file, key: anchor.own === true ? anchor.key : keyOf(anchor.base, file) };
}
