import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import { cvssOfVector } from '../../cvss-vector.ts';
import {
  firstText,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
  valueAt,
} from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { severityOfWord } from '../../report-severity.ts';

const OTHER_PLACES_MAX = 50;
/** Maturity of the exploit (CVSS `E`): these two mean that it works. */
const EXPLOITED = new Set(['mature', 'attacked', 'high']);

function isContainer(project: unknown): boolean {
  return isObject(valueAt(project, 'docker'));
}

/** Packages of a system are `source/binary`. */
function nameOf(vulnerability: unknown): string | undefined {
  const name = firstText(vulnerability, ['name', 'packageName', 'moduleName']);
  return textAt(vulnerability, 'language') === 'linux' ? name?.split('/').at(-1) : name;
}

function packageOf(vulnerability: unknown): PlaceDraft['package'] {
  return packageReference({
    ecosystem: textAt(vulnerability, 'packageManager') ?? textAt(vulnerability, 'language'),
    name: nameOf(vulnerability),
    version: textAt(vulnerability, 'version'),
    fixedVersions: textsAt(vulnerability, 'fixedIn'),
    // The first is the project itself.
    dependencyPath: textsAt(vulnerability, 'from').slice(1),
  });
}

/** `upgradePath` is aligned with `from`; its first text is what to change in the project. */
function remedyOf(vulnerability: unknown): string | undefined {
  const upgrade = textsAt(vulnerability, 'upgradePath')[0];
  if (upgrade !== undefined) return `Change to ${upgrade}.`;
  const fixed = textsAt(vulnerability, 'fixedIn');
  return fixed.length === 0
    ? undefined
    : `Change ${nameOf(vulnerability)} to ${fixed.slice(0, 10).join(' or ')}.`;
}

function epssOf(vulnerability: unknown): number | undefined {
  const epss = numberAt(vulnerability, 'epssDetails', 'probability');
  return epss !== undefined && epss >= 0 && epss <= 1 ? epss : undefined;
}

/** `.snyk` and the web page keep what somebody decided to ignore under `filtered`. */
function decisionOf(vulnerability: unknown, isIgnored: boolean): FindingDraft['decision'] {
  if (!isIgnored) return undefined;
  const ignored = valueAt(vulnerability, 'filtered', 'ignored', 0);
  const by = textAt(ignored, 'ignoredBy', 'email');
  return {
    state: 'accepted',
    reason: textAt(ignored, 'reason') ?? 'ignored in Snyk',
    ...(by === undefined ? {} : { by }),
  };
}

function draftOf(
  vulnerability: JsonObject,
  project: unknown,
  place: PlaceDraft,
  isIgnored: boolean,
): FindingDraft {
  const isLicence = textAt(vulnerability, 'type') === 'license';
  const cves = textsAt(vulnerability, 'identifiers', 'CVE');
  const found = packageOf(vulnerability);
  const word = textAt(vulnerability, 'severityWithCritical') ?? textAt(vulnerability, 'severity');
  const exploit = textAt(vulnerability, 'exploit')?.toLowerCase();
  const ruleId = textAt(vulnerability, 'id');
  return {
    tool: 'snyk',
    kind: isLicence ? 'licence' : isContainer(project) ? 'container' : 'dependency',
    ruleId,
    title: `${found?.name ?? 'a package'}: ${textAt(vulnerability, 'title') ?? ruleId}`,
    description: textAt(vulnerability, 'description'),
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    cvss: cvssOfVector(textAt(vulnerability, 'CVSSv3'), numberAt(vulnerability, 'cvssScore')),
    epss: epssOf(vulnerability),
    exploited: exploit !== undefined && EXPLOITED.has(exploit) ? true : undefined,
    cwe: cweNumbers(textsAt(vulnerability, 'identifiers', 'CWE')),
    aliases: [...cves, ...textsAt(vulnerability, 'identifiers', 'GHSA')],
    place: { ...place, package: found },
    remedy: remedyOf(vulnerability),
    references: listAt(vulnerability, 'references').flatMap((reference) => textAt(reference, 'url') ?? []),
    decision: decisionOf(vulnerability, isIgnored),
    attributes: {
      project: textAt(project, 'projectName'),
      exploitMaturity: textAt(vulnerability, 'exploit'),
      upgradable: textAt(vulnerability, 'isUpgradable'),
      malicious: valueAt(vulnerability, 'malicious') === true ? 'true' : undefined,
    },
  };
}

/**
 * The findings of one tested project. Snyk writes a flaw once for each way to the package; for us the ways are other
 * places of one finding.
 */
export function draftsOfProject(project: unknown, outerImage?: string): readonly FindingDraft[] {
  const image = outerImage ?? (isContainer(project) ? textAt(project, 'path') : undefined);
  const file = textAt(project, 'displayTargetFile') ?? textAt(project, 'targetFile');
  const merged = new Map<string, FindingDraft & { otherPlaces: PlaceDraft[] }>();
  const lists: [readonly unknown[], boolean][] = [
    [listAt(project, 'vulnerabilities'), false],
    [listAt(objectAt(project, 'filtered'), 'ignore'), true],
  ];
  for (const [vulnerabilities, isIgnored] of lists) {
    for (const vulnerability of vulnerabilities) {
      if (!isObject(vulnerability)) continue;
      const draft = draftOf(vulnerability, project, { file, image }, isIgnored);
      const key = JSON.stringify([
        draft.ruleId,
        draft.place?.package?.name,
        draft.place?.package?.version,
        isIgnored,
      ]);
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { ...draft, otherPlaces: [] });
      else if (known.otherPlaces.length < OTHER_PLACES_MAX && draft.place !== undefined)
        known.otherPlaces.push(draft.place);
    }
  }
  return [...merged.values()];
}
