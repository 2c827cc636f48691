import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import type { ReportContent } from '../../report-content.ts';
import { ReportReading } from '../../report-reading.ts';
import { elementAt, elementsOf, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';
import { alertDraft } from './alert.ts';

/** Children without children of their own, by their name. */
function leavesOf(element: XmlElement): JsonObject {
  return Object.fromEntries(
    element.children.filter(({ children }) => children.length === 0).map(({ name, text }) => [name, text]),
  );
}

/** The fields that the JSON report has under the same names. */
function alertOfXml(item: XmlElement): { alert: JsonObject; instances: JsonObject[] } {
  const tags = elementsOf(elementAt(item, 'tags'), 'tag').map(leavesOf);
  const instances = elementsOf(elementAt(item, 'instances'), 'instance').map(leavesOf);
  return {
    alert: { ...leavesOf(item), tags },
    // Reports before 2.5 have one `uri` in the alert itself.
    instances: instances.length > 0 ? instances : [leavesOf(item)],
  };
}

function readXml(content: ReportContent, reading: ReportReading): void {
  for (const site of elementsOf(content.xml, 'site')) {
    const host = site.attributes['host'];
    for (const item of elementsOf(elementAt(site, 'alerts'), 'alertitem')) {
      const { alert, instances } = alertOfXml(item);
      reading.add(alertDraft(alert, instances, host));
    }
  }
}

function readSites(json: unknown, reading: ReportReading): void {
  const sites = valueAt(json, 'site');
  reading.each(Array.isArray(sites) ? sites : [sites], 'site', (site, at) => {
    const host = textAt(site, '@host');
    reading.each(listAt(site, 'alerts'), `${at}.alerts`, (alert) => {
      const instances = listAt(alert, 'instances').filter(isObject);
      reading.add(alertDraft(alert, instances.length > 0 ? instances : [alert], host));
    });
  });
}

/** Alerts of the API are one for each place; those of one kind on one host belong together. */
function readApiAlerts(json: unknown, reading: ReportReading): void {
  const groups = new Map<string, JsonObject[]>();
  reading.each(listAt(json, 'alerts'), 'alerts', (alert) => {
    const url = textAt(alert, 'url') ?? '';
    const origin = /^\w+:\/\/[^/?#]{1,300}/.exec(url)?.[0] ?? '';
    const key = [textAt(alert, 'alertRef') ?? textAt(alert, 'pluginId'), textAt(alert, 'name'), origin].join(
      '\n',
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [alert]);
    else group.push(alert);
  });
  for (const group of groups.values()) {
    const [alert] = group;
    if (alert !== undefined) reading.add(alertDraft(alert, group, undefined));
  }
}

function isApiAlert(value: unknown): boolean {
  return isObject(value) && 'pluginId' in value && 'alert' in value && 'risk' in value;
}

export const importer = defineImporter({
  id: 'zap',
  title: 'ZAP',
  formats: [
    'XML report, traditional and "plus"',
    'JSON report, traditional and "plus"',
    'JSON of `core/view/alerts`',
  ],
  kinds: ['web'],
  documentation: 'https://www.zaproxy.org/docs/desktop/addons/report-generation/report-traditional-xml/',

  recognise(content) {
    if (content.shape === 'xml') return xmlRootName(content) === 'OWASPZAPReport' ? 2 : 0;
    if (content.shape !== 'json' || !isObject(content.json)) return 0;
    const { json } = content;
    const hasSite = json['site'] !== undefined && (json['@programName'] === 'ZAP' || '@generated' in json);
    return hasSite || isApiAlert(listAt(json, 'alerts')[0]) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'xml') {
      readXml(content, reading);
      const { version, generated } = content.xml.attributes;
      return reading.finish({ tool: 'zap', toolVersion: version, ranAtMs: timeAt(generated) });
    }
    const { json } = content;
    if (Array.isArray(valueAt(json, 'alerts'))) readApiAlerts(json, reading);
    else readSites(json, reading);
    return reading.finish({
      tool: 'zap',
      toolVersion: textAt(json, '@version'),
      ranAtMs: timeAt(json, '@generated'),
    });
  },
});
