import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, textAt as jsonText, timeAt } from '../../json-fields.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { linksIn } from '../../report-links.ts';
import { ReportReading } from '../../report-reading.ts';
import { elementsOf, textAt, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';

interface Item {
  readonly id: string | undefined;
  readonly method: string | undefined;
  readonly message: string | undefined;
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly references: string | undefined;
  readonly osvdb: string | undefined;
}

function itemDraft({ id, method, message, url, host, references, osvdb }: Item): FindingDraft {
  return {
    tool: 'nikto',
    ruleId: id,
    kind: 'web',
    title: message?.split(/(?<=\.)\s/, 1)[0],
    description: message,
    // Nikto does not rate what it finds; most of it are hints for somebody who looks closer.
    severity: 'low',
    aliases: advisoryNames([message, references]),
    place: { url, method, host },
    references: linksIn(references, message),
    attributes: { osvdb: osvdb === '0' ? undefined : osvdb },
  };
}

/** Scans may stand in a second `niktoscan` inside the first. */
function scansOf(root: XmlElement): readonly XmlElement[] {
  return [root, ...elementsOf(root, 'niktoscan')].flatMap((scan) => elementsOf(scan, 'scandetails'));
}

function readXml(root: XmlElement, reading: ReportReading): void {
  for (const scan of scansOf(root))
    for (const item of elementsOf(scan, 'item'))
      reading.add(
        itemDraft({
          id: item.attributes['id'],
          method: item.attributes['method'],
          message: textAt(item, 'description'),
          url: textAt(item, 'namelink') ?? textAt(item, 'uri'),
          host: scan.attributes['targethostname'],
          references: textAt(item, 'references'),
          osvdb: item.attributes['osvdbid'],
        }),
      );
}

/** The JSON has the path only; port 443 tells that it is spoken to by TLS. */
function addressOf(host: JsonObject, path: string | undefined): string | undefined {
  const name = jsonText(host, 'host');
  const port = jsonText(host, 'port');
  if (name === undefined || path === undefined) return path;
  const scheme = port === '443' ? 'https' : 'http';
  const shown = port === undefined || port === '443' || port === '80' ? '' : `:${port}`;
  return `${scheme}://${name}${shown}${path.startsWith('/') ? '' : '/'}${path}`;
}

function hostsOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

function isHost(value: unknown): boolean {
  if (!isObject(value) || !Array.isArray(value['vulnerabilities'])) return false;
  return 'banner' in value && 'host' in value && 'port' in value;
}

export const importer = defineImporter({
  id: 'nikto',
  title: 'Nikto',
  formats: ['XML and JSON of `nikto -Format xml|json`'],
  kinds: ['web'],
  documentation: 'https://github.com/sullo/nikto/wiki/Export-Formats',

  recognise(content) {
    if (content.shape === 'xml') return xmlRootName(content) === 'niktoscan' ? 2 : 0;
    return content.shape === 'json' && isHost(hostsOf(content.json)[0]) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'xml') {
      readXml(content.xml, reading);
      const { version } = elementsOf(content.xml, 'niktoscan')[0]?.attributes ?? content.xml.attributes;
      const start = scansOf(content.xml)[0]?.attributes['starttime'];
      return reading.finish({ tool: 'nikto', toolVersion: version, ranAtMs: timeAt(start) });
    }
    reading.each(hostsOf(content.json), 'hosts', (host, at) =>
      reading.each(listAt(host, 'vulnerabilities'), `${at}.vulnerabilities`, (item) =>
        reading.add(
          itemDraft({
            id: jsonText(item, 'id'),
            method: jsonText(item, 'method'),
            message: jsonText(item, 'msg'),
            url: addressOf(host, jsonText(item, 'url')),
            host: jsonText(host, 'host'),
            references: jsonText(item, 'references'),
            osvdb: jsonText(item, 'OSVDB'),
          }),
        ),
      ),
    );
    return reading.finish({ tool: 'nikto' });
  },
});
