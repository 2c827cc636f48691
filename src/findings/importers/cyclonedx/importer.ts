import { defineImporter, type ImportedReport } from '../../importer.ts';
import { isObject, type JsonObject, listAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import type { ReportContent } from '../../report-content.ts';
import { ReportReading } from '../../report-reading.ts';
import { toolFamily } from '../../tool-family.ts';
import { xmlRootName } from '../../xml-root-name.ts';
import { bomOfXml } from './bom-of-xml.ts';
import { vulnerabilityDrafts } from './vulnerability.ts';

const COMPONENTS_MAX = 1_000_000;

/** Components by their reference, those within others too. */
function indexComponents(bom: unknown): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  const left: unknown[] = [valueAt(bom, 'metadata', 'component'), ...listAt(bom, 'components')];
  for (let at = 0; at < left.length && at < COMPONENTS_MAX; at += 1) {
    const component = left[at];
    if (!isObject(component)) continue;
    const ref = textAt(component, 'bom-ref');
    if (ref !== undefined) found.set(ref, component);
    for (const inner of listAt(component, 'components')) left.push(inner);
  }
  return found;
}

/** Tools since 1.5 are components; before, a list. */
function firstTool(bom: unknown): unknown {
  const tools = valueAt(bom, 'metadata', 'tools');
  return listAt(tools)[0] ?? listAt(tools, 'components')[0];
}

function imageOf(bom: unknown): string | undefined {
  const subject = valueAt(bom, 'metadata', 'component');
  return textAt(subject, 'type') === 'container' ? textAt(subject, 'name') : undefined;
}

function readBom(bom: unknown, content: ReportContent): ImportedReport {
  const reading = new ReportReading(content);
  const components = indexComponents(bom);
  const tool = firstTool(bom);
  const image = imageOf(bom);
  const family = toolFamily(textAt(tool, 'name')) ?? 'cyclonedx';
  const vulnerabilities = listAt(bom, 'vulnerabilities');
  if (vulnerabilities.length === 0)
    reading.warn(
      'vulnerabilities',
      `this bill of materials lists ${components.size} components and no vulnerability: it says what is in use, not that it is safe`,
    );
  reading.each(vulnerabilities, 'vulnerabilities', (vulnerability) => {
    for (const draft of vulnerabilityDrafts(vulnerability, { tool: family, components, image }))
      reading.add(draft);
  });
  return reading.finish({
    tool: family,
    toolVersion: textAt(tool, 'version'),
    ranAtMs: timeAt(bom, 'metadata', 'timestamp'),
    target: { image },
  });
}

export const importer = defineImporter({
  id: 'cyclonedx',
  title: 'CycloneDX',
  formats: [
    'JSON and XML 1.2 to 1.7 with vulnerabilities (VDR, VEX)',
    'XML 1.2 with the vulnerability extension',
  ],
  kinds: ['dependency', 'container'],
  documentation: 'https://cyclonedx.org/docs/latest/json/#vulnerabilities',

  recognise(content) {
    if (content.shape === 'xml')
      return xmlRootName(content) === 'bom' && /cyclonedx\.org\/schema\/bom/.test(content.head) ? 2 : 0;
    return content.shape === 'json' && valueAt(content.json, 'bomFormat') === 'CycloneDX' ? 2 : 0;
  },

  read(content) {
    return readBom(content.shape === 'xml' ? bomOfXml(content.xml) : content.json, content);
  },
});
