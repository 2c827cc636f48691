import type { FindingDraft, PlaceDraft } from './build-reported-finding.ts';
import { cweNumbers } from './build-reported-finding.ts';
import { cvssOfVector } from './cvss-vector.ts';
import { isObject, listAt, numberAt, textAt, textsAt, valueAt } from './json-fields.ts';
import { packageReference } from './make-package-url.ts';
import { advisoryNames } from './report-advisory.ts';
import { linksIn } from './report-links.ts';
import { severityOfWord } from './report-severity.ts';

const PATHS_MAX = 50;

/** npm's words (`npm help audit`): critical, high, moderate, low, info. */
export function npmSeverity(word: string | undefined) {
  return severityOfWord(word) ?? 'medium';
}

/** A list, one text, or (npm 6 with new advisories) a list written as JSON: `["CWE-400"]`. */
export function npmWeaknesses(advisory: unknown): readonly number[] {
  return cweNumbers(textsAt(advisory, 'cwe'));
}

/** The name under which it is known everywhere; npm's own number where it has none. */
export function npmAdvisoryId(advisory: unknown): string | undefined {
  const [github] = advisoryNames([textAt(advisory, 'github_advisory_id'), textAt(advisory, 'url')]).filter(
    (name) => name.startsWith('GHSA-'),
  );
  return github ?? textAt(advisory, 'id') ?? textAt(advisory, 'source');
}

/** `>=1.2.3` alone means from that version on. */
export function lowestOf(range: string): string {
  return /^>= ?([\w.+-]{1,100})$/.exec(range)?.[1] ?? range;
}

/** Every version of the package that is in the tree, with the ways to it. */
function placesOf(advisory: unknown, name: string | undefined): PlaceDraft[] {
  const fixed = textAt(advisory, 'patched_versions');
  // `<0.0.0` is npm's way of saying that there is none.
  const fixedVersions = fixed === undefined || fixed === '<0.0.0' ? undefined : [lowestOf(fixed)];
  const places: PlaceDraft[] = [];
  for (const found of listAt(advisory, 'findings')) {
    const version = textAt(found, 'version');
    const paths = textsAt(found, 'paths');
    for (const path of paths.length === 0 ? [undefined] : paths) {
      if (places.length > PATHS_MAX) return places;
      const dependencyPath = path?.slice(0, 2_000).replace(/^\.>/, '').split('>');
      places.push({
        package: packageReference({ ecosystem: 'npm', name, version, fixedVersions, dependencyPath }),
      });
    }
  }
  return places;
}

/** An advisory as npm 6, pnpm and Yarn 1 write it, with all places of the package that it is about. */
export function draftOfNpmAdvisory(tool: string, advisory: unknown): FindingDraft {
  const name = textAt(advisory, 'module_name');
  const ruleId = npmAdvisoryId(advisory);
  const [place, ...otherPlaces] = placesOf(advisory, name);
  const url = textAt(advisory, 'url');
  const number = textAt(advisory, 'id');
  return {
    tool,
    kind: 'dependency',
    ruleId,
    title: `${name ?? 'a package'}: ${textAt(advisory, 'title') ?? ruleId ?? 'a vulnerability'}`,
    description: textAt(advisory, 'overview'),
    severity: npmSeverity(textAt(advisory, 'severity')),
    cvss: cvssOfVector(textAt(advisory, 'cvss', 'vectorString'), scoreOf(advisory)),
    cwe: npmWeaknesses(advisory),
    aliases: advisoryNames(textsAt(advisory, 'cves')).filter((alias) => alias !== ruleId),
    place: place ?? { package: packageReference({ ecosystem: 'npm', name }) },
    otherPlaces,
    remedy: textAt(advisory, 'recommendation'),
    references: [...(url === undefined ? [] : [url]), ...linksIn(textAt(advisory, 'references'))],
    attributes: { advisory: number, vulnerableVersions: textAt(advisory, 'vulnerable_versions') },
  };
}

/** Advisories without a score say 0 and no vector. */
export function scoreOf(advisory: unknown): number | undefined {
  const score = numberAt(advisory, 'cvss', 'score');
  return score === 0 ? undefined : score;
}

/** The map of advisories by their number, in npm 6, pnpm and Yarn 2; nothing when it is something else. */
export function npmAdvisories(json: unknown): readonly unknown[] | undefined {
  const advisories = valueAt(json, 'advisories');
  if (!isObject(advisories) || !isObject(valueAt(json, 'metadata'))) return undefined;
  const all = Object.values(advisories);
  return all.every((each) => !Array.isArray(each)) ? all : undefined;
}

/** pnpm begins its paths with the folder of the workspace: `.>express>debug`. */
export function hasWorkspacePaths(advisories: readonly unknown[]): boolean {
  return advisories.slice(0, 100).some((advisory) =>
    listAt(advisory, 'findings')
      .slice(0, 100)
      .some((found) =>
        textsAt(found, 'paths').some((path) => /^\.?[^>@]{0,200}>/.test(path) && path.startsWith('.')),
      ),
  );
}
