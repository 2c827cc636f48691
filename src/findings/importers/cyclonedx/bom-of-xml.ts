import type { JsonObject } from '../../json-fields.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';

function componentOf(element: XmlElement): JsonObject {
  return {
    'bom-ref': element.attributes['bom-ref'],
    type: element.attributes['type'],
    group: textAt(element, 'group'),
    name: textAt(element, 'name'),
    version: textAt(element, 'version'),
    purl: textAt(element, 'purl'),
    components: componentsOf(element),
    // The vulnerability extension of 1.2 lists them at their component.
    vulnerabilities: vulnerabilitiesOf(element, element.attributes['bom-ref']),
  };
}

function componentsOf(element: XmlElement | undefined): readonly JsonObject[] {
  return elementsOf(elementAt(element, 'components'), 'component').map(componentOf);
}

function ratingOf(rating: XmlElement): JsonObject {
  return {
    source: { name: textAt(rating, 'source', 'name') },
    score: textAt(rating, 'score', 'base') ?? textAt(rating, 'score'),
    severity: textAt(rating, 'severity'),
    method: textAt(rating, 'method'),
    vector: textAt(rating, 'vector'),
  };
}

function targetOf(target: XmlElement): JsonObject {
  const versions = elementsOf(elementAt(target, 'versions'), 'version');
  return {
    ref: textAt(target, 'ref'),
    versions: versions.map((each) => ({
      version: textAt(each, 'version'),
      range: textAt(each, 'range'),
      status: textAt(each, 'status'),
    })),
  };
}

function analysisOf(analysis: XmlElement | undefined): JsonObject | undefined {
  if (analysis === undefined) return undefined;
  return {
    state: textAt(analysis, 'state'),
    justification: textAt(analysis, 'justification'),
    response: elementsOf(elementAt(analysis, 'responses'), 'response').map(({ text }) => text.trim()),
    detail: textAt(analysis, 'detail'),
  };
}

function textsIn(element: XmlElement, list: string, item: string): readonly string[] {
  return elementsOf(elementAt(element, list), item).map(({ text }) => text.trim());
}

function vulnerabilityOf(element: XmlElement, componentRef: string | undefined): JsonObject {
  const source = elementAt(element, 'source');
  const targets = elementsOf(elementAt(element, 'affects'), 'target').map(targetOf);
  const ref = element.attributes['ref'] ?? componentRef;
  const properties = elementsOf(elementAt(element, 'properties'), 'property');
  const references = elementsOf(elementAt(element, 'references'), 'reference');
  return {
    id: textAt(element, 'id'),
    source: { name: source?.attributes['name'] ?? textAt(source, 'name'), url: textAt(source, 'url') },
    references: references.map((reference) => ({ id: textAt(reference, 'id') })),
    ratings: elementsOf(elementAt(element, 'ratings'), 'rating').map(ratingOf),
    cwes: textsIn(element, 'cwes', 'cwe'),
    description: textAt(element, 'description'),
    detail: textAt(element, 'detail'),
    recommendation: textAt(element, 'recommendation') ?? textAt(element, 'recommendations', 'recommendation'),
    advisories: elementsOf(elementAt(element, 'advisories'), 'advisory').map((advisory) => ({
      url: textAt(advisory, 'url') ?? advisory.text.trim(),
    })),
    affects: targets.length > 0 || ref === undefined ? targets : [{ ref: componentRef ?? ref }],
    analysis: analysisOf(elementAt(element, 'analysis')),
    properties: properties.map(({ attributes, text }) => ({ name: attributes['name'], value: text.trim() })),
  };
}

function vulnerabilitiesOf(element: XmlElement, componentRef?: string): readonly JsonObject[] {
  return elementsOf(elementAt(element, 'vulnerabilities'), 'vulnerability').map((vulnerability) =>
    vulnerabilityOf(vulnerability, componentRef),
  );
}

function allComponents(components: readonly JsonObject[]): readonly JsonObject[] {
  return components.flatMap((component) => {
    const inner = component['components'];
    return [component, ...(Array.isArray(inner) ? allComponents(inner) : [])];
  });
}

/** The same document as the JSON of CycloneDX writes it, as far as findings need it. */
export function bomOfXml(bom: XmlElement): JsonObject {
  const metadata = elementAt(bom, 'metadata');
  const subject = elementAt(metadata, 'component');
  const components = componentsOf(bom);
  const tools = elementAt(metadata, 'tools');
  const named = [...elementsOf(tools, 'tool'), ...elementsOf(elementAt(tools, 'components'), 'component')];
  const atComponents = allComponents(components).flatMap(({ vulnerabilities }) =>
    Array.isArray(vulnerabilities) ? (vulnerabilities as readonly JsonObject[]) : [],
  );
  return {
    metadata: {
      timestamp: textAt(metadata, 'timestamp'),
      component: subject === undefined ? undefined : componentOf(subject),
      tools: named.map((tool) => ({ name: textAt(tool, 'name'), version: textAt(tool, 'version') })),
    },
    components,
    vulnerabilities: [...vulnerabilitiesOf(bom), ...atComponents],
  };
}
