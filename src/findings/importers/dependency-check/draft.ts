import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import { packageReference } from '../../make-package-url.ts';
import { packageOfUrl } from '../../package-url.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';
import type { CheckedDependency, CheckedVulnerability } from './dependency.ts';

function packageOf({ purl, maven, fileName }: CheckedDependency): PlaceDraft['package'] {
  const own = packageOfUrl(purl);
  if (own !== undefined) return own;
  const [group, artifact, version] = maven?.split(':') ?? [];
  if (group !== undefined && artifact !== undefined)
    return packageReference({ ecosystem: 'maven', name: `${group}:${artifact}`, version });
  return fileName === undefined ? undefined : { name: fileName };
}

/** Of a package in a lock file the name is `package-lock.json?lodash`. */
function fileOf(filePath: string | undefined): string | undefined {
  return filePath?.split('?', 1)[0];
}

function draftOf(found: CheckedVulnerability, dependency: CheckedDependency): FindingDraft {
  const place = packageOf(dependency);
  return {
    tool: 'dependency-check',
    kind: 'dependency',
    ruleId: found.name,
    title: `${place?.name ?? dependency.fileName ?? 'a dependency'}: ${found.name}`,
    description: found.description,
    // CRITICAL to LOW of CVSS; the Node and Retire.js analysers write `moderate` and the like.
    severity: severityOfWord(found.severity) ?? severityOfScore(found.score) ?? 'medium',
    severityText: found.severity,
    cvss: cvssOf(found.score),
    exploited: found.isExploited ? true : undefined,
    cwe: cweNumbers(found.cwes),
    aliases: advisoryNames([found.name]).filter((alias) => alias !== found.name),
    place: { file: fileOf(dependency.filePath), package: place },
    // The same package in other files of what was scanned.
    otherPlaces: dependency.related.slice(0, 50).map((file) => ({ file: fileOf(file), package: place })),
    references: found.references,
    decision: found.isSuppressed
      ? { state: 'accepted', reason: found.notes ?? 'suppressed in Dependency-Check' }
      : undefined,
    attributes: { source: found.source },
  };
}

export function draftsOfDependency(dependency: CheckedDependency): readonly FindingDraft[] {
  return dependency.vulnerabilities.map((found) => draftOf(found, dependency));
}
