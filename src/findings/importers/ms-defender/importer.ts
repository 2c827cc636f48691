import { messageOf } from '#core/errors.ts';
import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, textAt } from '../../json-fields.ts';
import type { ReportContent } from '../../report-content.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

function isVulnerability(value: unknown): boolean {
  return isObject(value) && 'cveId' in value && 'machineId' in value && 'productName' in value;
}

function vulnerabilityDraft(
  vulnerability: JsonObject,
  machines: ReadonlyMap<string, JsonObject>,
): FindingDraft {
  const cve = textAt(vulnerability, 'cveId');
  const product = textAt(vulnerability, 'productName');
  const machineId = textAt(vulnerability, 'machineId');
  const machine = machineId === undefined ? undefined : machines.get(machineId);
  const severityText = textAt(vulnerability, 'severity');
  const patch = textAt(vulnerability, 'fixingKbId');
  const vendor = textAt(vulnerability, 'productVendor');
  return {
    tool: 'ms-defender',
    ruleId: cve,
    kind: 'dependency',
    title: product === undefined ? cve : `${cve ?? 'Vulnerability'} in ${product}`,
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    place: {
      host: textAt(machine, 'computerDnsName') ?? textAt(machine, 'lastIpAddress') ?? machineId,
      resource: machineId,
      package:
        product === undefined
          ? undefined
          : {
              name: vendor === undefined ? product : `${vendor}/${product}`,
              version: textAt(vulnerability, 'productVersion'),
            },
    },
    remedy: patch === undefined ? undefined : `Install KB${patch.replace(/^KB/i, '')}.`,
    toolFingerprint: textAt(vulnerability, 'id'),
    attributes: { osPlatform: textAt(machine, 'osPlatform'), riskScore: textAt(machine, 'riskScore') },
  };
}

/** Files of an archive: lists of machines and lists of vulnerabilities, told apart by what is in them. */
function readArchive(content: ReportContent, reading: ReportReading): readonly unknown[] {
  const files = content.entries.filter(({ name }) => /\.json$/i.test(name)).slice(0, 10_000);
  return files.flatMap((entry) => {
    try {
      return listAt(JSON.parse(entry.read().toString('utf8')), 'value');
    } catch (error) {
      reading.warn(entry.name, `this file is left out: ${messageOf(error)}`);
      return [];
    }
  });
}

export const importer = defineImporter({
  id: 'ms-defender',
  title: 'Microsoft Defender for Endpoint',
  formats: [
    'JSON of `/api/vulnerabilities/machinesVulnerabilities`',
    'zip archive with `machines/*.json` and `vulnerabilities/*.json`',
  ],
  kinds: ['dependency'],
  documentation:
    'https://learn.microsoft.com/en-us/defender-endpoint/api/get-all-vulnerabilities-by-machines',

  recognise(content) {
    if (content.shape === 'json') return isVulnerability(listAt(content.json, 'value')[0]) ? 2 : 0;
    if (content.shape !== 'zip') return 0;
    const names = content.entries.map(({ name }) => name);
    const has = (folder: string) =>
      names.some((name) => name.startsWith(`${folder}/`) && name.endsWith('.json'));
    return has('vulnerabilities') && has('machines') ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const items = content.shape === 'zip' ? readArchive(content, reading) : listAt(content.json, 'value');
    const machines = new Map(
      items.filter(isObject).flatMap((item) => {
        const id = textAt(item, 'id');
        return id === undefined || isVulnerability(item) ? [] : [[id, item] as const];
      }),
    );
    for (const item of items)
      if (isObject(item) && isVulnerability(item)) reading.add(vulnerabilityDraft(item, machines));
    return reading.finish({ tool: 'ms-defender' });
  },
});
