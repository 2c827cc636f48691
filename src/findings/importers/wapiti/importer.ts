import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, listAt, objectAt, textAt as jsonText, timeAt } from '../../json-fields.ts';
import type { ReportContent } from '../../report-content.ts';
import { linksIn } from '../../report-links.ts';
import { ReportReading } from '../../report-reading.ts';
import type { Severity } from '../../severity.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';

/** Wapiti's levels: 0 info, 1 low, 2 medium, 3 high, 4 critical. */
const LEVELS: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

interface Category {
  readonly name: string;
  readonly description: string | undefined;
  readonly solution: string | undefined;
  readonly references: readonly string[];
}

interface Entry {
  readonly level: string | undefined;
  readonly path: string | undefined;
  readonly method: string | undefined;
  readonly parameter: string | undefined;
  readonly info: string | undefined;
}

/** The request is left out: it holds the session of the scan. */
function entryDraft(category: Category, entry: Entry, target: string | undefined): FindingDraft {
  const base = target?.replace(/\/+$/, '');
  return {
    tool: 'wapiti',
    ruleId: category.name,
    kind: 'web',
    title: entry.info === undefined ? category.name : `${category.name}: ${entry.info}`,
    description: category.description,
    severity: LEVELS[Number(entry.level ?? -1)] ?? 'medium',
    severityText: entry.level,
    cwe: cweNumbers(
      category.references.map((link) => link.replace(/cwe\.mitre\.org\/data\/definitions\//, 'CWE-')),
    ),
    place: {
      url: base === undefined || entry.path === undefined ? entry.path : originOf(base) + entry.path,
      method: entry.method,
      parameter: entry.parameter,
    },
    remedy: category.solution,
    references: category.references,
  };
}

function originOf(address: string): string {
  return /^\w+:\/\/[^/?#]{1,300}/.exec(address)?.[0] ?? address;
}

function readJson(content: ReportContent, reading: ReportReading): void {
  const { json } = content;
  const target = jsonText(json, 'infos', 'target');
  for (const section of ['vulnerabilities', 'anomalies', 'additionals'])
    for (const [name, entries] of Object.entries(objectAt(json, section) ?? {})) {
      const known = objectAt(json, 'classifications', name);
      const category: Category = {
        name,
        description: jsonText(known, 'desc'),
        solution: jsonText(known, 'sol'),
        references: linksIn(...Object.values(objectAt(known, 'ref') ?? {}).map((link) => jsonText(link))),
      };
      reading.each(listAt(entries), `${section}.${name}`, (entry) =>
        reading.add(
          entryDraft(
            category,
            {
              level: jsonText(entry, 'level'),
              path: jsonText(entry, 'path'),
              method: jsonText(entry, 'method'),
              parameter: jsonText(entry, 'parameter'),
              info: jsonText(entry, 'info'),
            },
            target,
          ),
        ),
      );
    }
}

function infosOf(root: XmlElement): ReadonlyMap<string, string> {
  const infos = elementsOf(elementAt(root, 'report_infos'), 'info');
  return new Map(infos.map((info) => [info.attributes['name'] ?? '', info.text.trim()]));
}

function readXml(root: XmlElement, reading: ReportReading): void {
  const target = infosOf(root).get('target');
  const lists = [
    ['vulnerabilities', 'vulnerability'],
    ['anomalies', 'anomaly'],
    ['additionals', 'additional'],
  ] as const;
  for (const [list, item] of lists)
    for (const element of elementsOf(elementAt(root, list), item)) {
      const references = elementsOf(elementAt(element, 'references'), 'reference');
      const category: Category = {
        name: element.attributes['name'] ?? item,
        description: textAt(element, 'description'),
        solution: textAt(element, 'solution'),
        references: linksIn(...references.map((reference) => textAt(reference, 'url'))),
      };
      for (const entry of elementsOf(elementAt(element, 'entries'), 'entry'))
        reading.add(
          entryDraft(
            category,
            {
              level: textAt(entry, 'level'),
              path: textAt(entry, 'path'),
              method: textAt(entry, 'method'),
              parameter: textAt(entry, 'parameter'),
              info: textAt(entry, 'info'),
            },
            target,
          ),
        );
    }
}

export const importer = defineImporter({
  id: 'wapiti',
  title: 'Wapiti',
  formats: ['JSON and XML of `wapiti -f json|xml`'],
  kinds: ['web'],
  documentation: 'https://wapiti-scanner.github.io/',

  recognise(content) {
    if (content.shape === 'xml')
      return xmlRootName(content) === 'report' &&
        /<report_infos>/.test(content.head) &&
        /wapiti/i.test(content.head)
        ? 2
        : 0;
    if (content.shape !== 'json' || !isObject(content.json)) return 0;
    return jsonText(content.json, 'infos', 'version')?.startsWith('Wapiti') === true ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'xml') {
      readXml(content.xml, reading);
      const infos = infosOf(content.xml);
      return reading.finish({
        tool: 'wapiti',
        toolVersion: infos.get('generatorVersion'),
        ranAtMs: timeAt(infos.get('date')),
      });
    }
    readJson(content, reading);
    const version = jsonText(content.json, 'infos', 'version')?.replace(/^Wapiti /, '');
    return reading.finish({
      tool: 'wapiti',
      toolVersion: version,
      ranAtMs: timeAt(content.json, 'infos', 'date'),
    });
  },
});
