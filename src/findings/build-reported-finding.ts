import { limits } from './importer.ts';
import type { PackageReference, ReportedFinding, ReportedPlace } from './reported-finding.ts';

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** A finding as an importer has it: what is not known may be `undefined`, texts may be of any length. */
export type FindingDraft = Pick<ReportedFinding, 'tool' | 'kind' | 'severity'> & {
  readonly ruleId: string | undefined;
  readonly title: string | undefined;
  readonly place?: PlaceDraft | undefined;
  readonly otherPlaces?: readonly PlaceDraft[] | undefined;
  readonly attributes?: Readonly<Record<string, string | undefined>> | undefined;
} & Optional<
    Omit<
      ReportedFinding,
      'tool' | 'kind' | 'severity' | 'ruleId' | 'title' | 'place' | 'otherPlaces' | 'attributes'
    >
  >;

export type PlaceDraft = Optional<Omit<ReportedPlace, 'package'>> & {
  readonly package?: (Optional<PackageReference> & { readonly name: string }) | undefined;
};

/** What moves a terminal's cursor, or turns a line around so that it reads as something else. */
const INVISIBLE = /[\u202a-\u202e\u2066-\u2069]|[^\P{Cc}\n\t]/gu;

/** Cuts at a character, never inside one. What nobody can see is seen. */
export function cut(text: string, charsMax: number): string {
  const visible = text
    .slice(0, 2 * charsMax)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(INVISIBLE, '\uFFFD');
  return visible.length <= charsMax
    ? visible
    : `${visible.slice(0, charsMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

type Known<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function isKnown<T extends object>(value: object): value is Known<T> {
  return Object.values(value).every((each) => each !== undefined);
}

/** Entries that are undefined are gone, which is what the type says. */
function withoutUndefined<T extends object>(value: T): Known<T> {
  const known = Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
  if (isKnown<T>(known)) return known;
  throw new TypeError('an entry is still undefined');
}

function oneLine(text: string): string {
  return text.slice(0, limits.textChars).replaceAll(/\s+/g, ' ').trim();
}

function bound(text: string | undefined, charsMax: number): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : cut(text, charsMax);
}

function list(texts: readonly string[] | undefined): readonly string[] {
  const kept = (texts ?? [])
    .filter((text) => text.trim() !== '')
    .map((text) => cut(text.trim(), limits.nameChars));
  return [...new Set(kept)].slice(0, limits.listItems);
}

/** `./src\a.ts` and `file:///src/a.ts` are `src/a.ts`, so that the same file has one name. */
export function normaliseFile(file: string | undefined): string | undefined {
  if (file === undefined || file.trim() === '') return undefined;
  const path = file
    .trim()
    .replace(/^file:\/\/(?=\/)/, '')
    .replaceAll('\\', '/');
  return cut(path.replace(/^(?:\.\/+)+/, ''), limits.nameChars);
}

const NAMES = ['symbol', 'resource', 'method', 'parameter', 'host', 'image', 'commit'] as const;

function buildPackage(draft: PlaceDraft['package']): PackageReference | undefined {
  if (draft === undefined || draft.name.trim() === '') return undefined;
  const { fixedVersions, dependencyPath, ...names } = draft;
  const texts = Object.fromEntries(
    Object.entries(names).map(([key, text]) => [key, bound(text, limits.nameChars)]),
  );
  return withoutUndefined({
    ...texts,
    name: cut(draft.name.trim(), limits.nameChars),
    fixedVersions:
      fixedVersions === undefined || fixedVersions.length === 0 ? undefined : list(fixedVersions),
    dependencyPath:
      dependencyPath === undefined || dependencyPath.length === 0
        ? undefined
        : dependencyPath.slice(0, limits.listItems).map((text) => cut(text, limits.nameChars)),
  });
}

/** `https://user:password@host/` without what should not stand there (RFC 3986 §3.2.1). */
function withoutUserInfo(url: string | undefined): string | undefined {
  return url?.includes('@') === true
    ? url.replace(/^([a-z][a-z0-9+.-]{0,20}:\/\/)[^/?#@]{1,500}@/i, '$1')
    : url;
}

function buildPlace(draft: PlaceDraft = {}): ReportedPlace {
  const names = Object.fromEntries(NAMES.map((key) => [key, bound(draft[key], limits.nameChars)]));
  const { line, column, endLine, endColumn } = draft;
  return withoutUndefined({
    ...names,
    url: bound(withoutUserInfo(draft.url), limits.nameChars),
    file: normaliseFile(draft.file),
    line,
    column,
    endLine,
    endColumn,
    package: buildPackage(draft.package),
  });
}

function buildAttributes(draft: FindingDraft['attributes']): Record<string, string> {
  const known = Object.entries(draft ?? {}).flatMap(([key, text]) =>
    text === undefined || text === '' ? [] : [[key, cut(text, limits.nameChars)] as const],
  );
  return Object.fromEntries(known.slice(0, limits.listItems));
}

/** A finding within the limits: texts cut, lists without doubles, file names in one spelling, nothing undefined. */
export function buildReportedFinding(draft: FindingDraft): ReportedFinding {
  const { cwe = [], cvss, description = '', snippet, remedy, toolFingerprint } = draft;
  const ruleId = oneLine(draft.ruleId ?? '');
  const title = oneLine(draft.title ?? '') || ruleId || 'a finding without a title';
  return withoutUndefined({
    ...draft,
    ruleId: cut(ruleId || title, limits.nameChars),
    title: cut(title, limits.titleChars),
    description: cut(description.trim(), limits.textChars),
    cvss: cvss !== undefined && cvss.score >= 0 && cvss.score <= 10 ? cvss : undefined,
    cwe: [...new Set(cwe.filter((number) => Number.isSafeInteger(number) && number > 0))].slice(
      0,
      limits.listItems,
    ),
    aliases: list(draft.aliases),
    references: list(draft.references),
    place: buildPlace(draft.place),
    otherPlaces: (draft.otherPlaces ?? []).slice(0, limits.otherPlaces).map(buildPlace),
    snippet: bound(snippet, limits.snippetChars),
    remedy: bound(remedy?.trim(), limits.textChars),
    toolFingerprint: bound(toolFingerprint, limits.nameChars),
    attributes: buildAttributes(draft.attributes),
  });
}

/** Numbers of CWE in texts like `CWE-79`, `cwe_79: XSS` or `external/cwe/cwe-079`. */
export function cweNumbers(texts: readonly (string | undefined)[]): readonly number[] {
  return texts.flatMap((text) =>
    [...(text?.slice(0, limits.nameChars).matchAll(/cwe[-_: ]{0,2}(\d{1,5})/gi) ?? [])].map(([, number]) =>
      Number(number),
    ),
  );
}
