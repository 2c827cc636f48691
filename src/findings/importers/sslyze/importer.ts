import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt, timeAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { elementAt, elementsOf, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';
import { weaknessesOf } from './checks.ts';
import { resultsOfXml } from './results-of-xml.ts';

function addWeaknesses(results: JsonObject, host: string, reading: ReportReading): void {
  for (const { rule, ...weakness } of weaknessesOf(results))
    reading.add({ tool: 'sslyze', ruleId: rule, kind: 'web', ...weakness, place: { host } });
}

function readXml(root: XmlElement, reading: ReportReading): void {
  for (const target of elementsOf(elementAt(root, 'results'), 'target')) {
    const { host = 'server', port = '443' } = target.attributes;
    addWeaknesses(resultsOfXml(target), `${host}:${port}`, reading);
  }
  for (const { attributes } of elementsOf(elementAt(root, 'invalidTargets'), 'invalidTarget'))
    reading.warn('invalidTargets', attributes['error'] ?? 'a target was not scanned');
}

export const importer = defineImporter({
  id: 'sslyze',
  title: 'SSLyze',
  formats: ['JSON of `sslyze --json_out` (3 to 6)', 'XML of `sslyze --xml_out` (1)'],
  kinds: ['web'],
  documentation: 'https://nabla-c0d3.github.io/sslyze/documentation/json-output.html',

  recognise(content) {
    if (content.shape === 'xml')
      return xmlRootName(content) === 'document' && /SSLyzeVersion=/.test(content.head) ? 2 : 0;
    const { json } = content;
    if (content.shape !== 'json' || !isObject(json)) return 0;
    return Array.isArray(json['server_scan_results']) && 'sslyze_version' in json ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'xml') {
      readXml(content.xml, reading);
      return reading.finish({ tool: 'sslyze', toolVersion: content.xml.attributes['SSLyzeVersion'] });
    }
    const { json } = content;
    reading.each(listAt(json, 'server_scan_results'), 'server_scan_results', (server, at) => {
      const location =
        objectAt(server, 'server_location') ?? objectAt(server, 'server_info', 'server_location');
      const host = `${textAt(location, 'hostname') ?? 'server'}:${textAt(location, 'port') ?? '443'}`;
      const results = objectAt(server, 'scan_result') ?? objectAt(server, 'scan_commands_results');
      if (results === undefined) {
        reading.warn(at, `${host} was not scanned: ${textAt(server, 'scan_status') ?? 'no result'}`);
        return;
      }
      addWeaknesses(results, host, reading);
    });
    return reading.finish({
      tool: 'sslyze',
      toolVersion: textAt(json, 'sslyze_version'),
      ranAtMs: timeAt(json, 'date_scans_completed'),
    });
  },
});
