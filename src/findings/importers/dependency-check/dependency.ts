import { listAt, numberAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import { elementAt, elementsOf, textAt as xmlTextAt, type XmlElement } from '../../xml.ts';

/** A flaw as both formats tell it. */
export interface CheckedVulnerability {
  readonly name: string | undefined;
  readonly severity: string | undefined;
  readonly description: string | undefined;
  readonly score: number | undefined;
  readonly cwes: readonly string[];
  readonly references: readonly string[];
  readonly source: string | undefined;
  readonly isSuppressed: boolean;
  readonly notes: string | undefined;
  readonly isExploited: boolean;
}

/** A file that was looked at, with those that hold the same package. */
export interface CheckedDependency {
  readonly fileName: string | undefined;
  readonly filePath: string | undefined;
  readonly purl: string | undefined;
  /** `group:artifact:version` of reports before version 5. */
  readonly maven: string | undefined;
  readonly related: readonly string[];
  readonly vulnerabilities: readonly CheckedVulnerability[];
}

/** CVSS of the newest version; before 4.0 there was one score without a version. */
function scoreOf(scores: readonly (string | undefined)[]): number | undefined {
  const known = scores.map((text) => numberAt(text)).filter((score) => score !== undefined && score >= 0);
  return known[0];
}

function vulnerabilityOfXml(element: XmlElement): CheckedVulnerability {
  const cwes = elementsOf(elementAt(element, 'cwes'), 'cwe').map(({ text }) => text.trim());
  const old = xmlTextAt(element, 'cwe');
  return {
    name: xmlTextAt(element, 'name'),
    severity: xmlTextAt(element, 'severity'),
    description: xmlTextAt(element, 'description'),
    score: scoreOf([
      xmlTextAt(element, 'cvssV4', 'baseScore'),
      xmlTextAt(element, 'cvssV3', 'baseScore'),
      xmlTextAt(element, 'cvssV2', 'score'),
      xmlTextAt(element, 'cvssScore'),
    ]),
    cwes: old === undefined ? cwes : [...cwes, old],
    references: elementsOf(elementAt(element, 'references'), 'reference').flatMap(
      (each) => xmlTextAt(each, 'url') ?? [],
    ),
    source: element.attributes['source'],
    isSuppressed: element.name === 'suppressedVulnerability',
    notes: xmlTextAt(element, 'notes'),
    isExploited: elementAt(element, 'knownExploitedVulnerability') !== undefined,
  };
}

/** Package URLs stand in `package/id`; some reports nest `identifiers` once more. */
function identifiersOfXml(element: XmlElement): { purl: string | undefined; maven: string | undefined } {
  const outer = elementAt(element, 'identifiers');
  const all = [outer, elementAt(outer, 'identifiers')];
  const ids = all.flatMap((each) => elementsOf(each, 'package').map((found) => xmlTextAt(found, 'id')));
  const old = all.flatMap((each) => elementsOf(each, 'identifier'));
  return {
    purl: ids.find((id) => id?.startsWith('pkg:') === true),
    maven: xmlTextAt(
      old.find(({ attributes }) => attributes['type'] === 'maven'),
      'name',
    ),
  };
}

export function dependencyOfXml(element: XmlElement): CheckedDependency {
  const vulnerabilities = elementAt(element, 'vulnerabilities');
  return {
    fileName: xmlTextAt(element, 'fileName'),
    filePath: xmlTextAt(element, 'filePath'),
    ...identifiersOfXml(element),
    related: elementsOf(elementAt(element, 'relatedDependencies'), 'relatedDependency').flatMap(
      (each) => xmlTextAt(each, 'filePath') ?? [],
    ),
    vulnerabilities: [
      ...elementsOf(vulnerabilities, 'vulnerability'),
      ...elementsOf(vulnerabilities, 'suppressedVulnerability'),
    ].map(vulnerabilityOfXml),
  };
}

function vulnerabilityOfJson(item: unknown, isSuppressed: boolean): CheckedVulnerability {
  return {
    name: textAt(item, 'name'),
    severity: textAt(item, 'severity'),
    description: textAt(item, 'description'),
    score: scoreOf([
      textAt(item, 'cvssv4', 'baseScore'),
      textAt(item, 'cvssv3', 'baseScore'),
      textAt(item, 'cvssv2', 'score'),
    ]),
    cwes: textsAt(item, 'cwes'),
    references: listAt(item, 'references').flatMap((each) => textAt(each, 'url') ?? []),
    source: textAt(item, 'source'),
    isSuppressed,
    notes: textAt(item, 'notes'),
    isExploited: valueAt(item, 'knownExploitedVulnerability') !== undefined,
  };
}

export function dependencyOfJson(item: unknown): CheckedDependency {
  const ids = listAt(item, 'packages').map((each) => textAt(each, 'id'));
  return {
    fileName: textAt(item, 'fileName'),
    filePath: textAt(item, 'filePath'),
    purl: ids.find((id) => id?.startsWith('pkg:') === true),
    maven: undefined,
    related: listAt(item, 'relatedDependencies').flatMap((each) => textAt(each, 'filePath') ?? []),
    vulnerabilities: [
      ...listAt(item, 'vulnerabilities').map((each) => vulnerabilityOfJson(each, false)),
      ...listAt(item, 'suppressedVulnerabilities').map((each) => vulnerabilityOfJson(each, true)),
    ],
  };
}
