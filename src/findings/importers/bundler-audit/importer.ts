import { cvssOf } from '../../report-cvss.ts';
import { defineImporter } from '../../importer.ts';
import { type JsonObject, listAt, numberAt, textAt, textsAt, timeAt, valueAt } from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';

const TOOL = 'bundler-audit';
const FIELD = /^(Name|Version|Advisory|CVE|GHSA|Criticality|URL|Title|Solution|Source):\s*(.*)$/i;

type Fields = ReadonlyMap<string, string>;

/** Blocks of `Name: value` lines, with an empty line between. */
function readBlocks(text: string): Fields[] {
  const blocks: Map<string, string>[] = [];
  let block = new Map<string, string>();
  for (const line of [...text.split('\n'), '']) {
    const [, key, value] = FIELD.exec(line.slice(0, 4_000).trim()) ?? [];
    if (key !== undefined && value !== undefined) block.set(key.toLowerCase(), value);
    else if (line.trim() === '' && block.size > 0) {
      blocks.push(block);
      block = new Map();
    }
  }
  return blocks.filter((each) => each.has('name') || each.has('source'));
}

function addText(reading: ReportReading, block: Fields): void {
  const name = block.get('name');
  const advisory = block.get('advisory') ?? block.get('cve') ?? block.get('ghsa');
  const solution = block.get('solution');
  const url = block.get('url');
  reading.add({
    tool: TOOL,
    kind: 'dependency',
    ruleId: advisory,
    title: `${name}: ${block.get('title') ?? advisory}`,
    severity: severityOfWord(block.get('criticality')) ?? 'medium',
    aliases: advisoryNames([block.get('cve'), block.get('ghsa')]).filter((alias) => alias !== advisory),
    place: { package: packageReference({ ecosystem: 'gem', name, version: block.get('version') }) },
    remedy: solution === undefined ? undefined : `Solution: ${solution}.`,
    references: url === undefined ? [] : [url],
  });
}

function prefixed(prefix: string, id: string | undefined): string | undefined {
  return id === undefined ? undefined : id.toUpperCase().startsWith(prefix) ? id : `${prefix}${id}`;
}

function addGem(reading: ReportReading, result: JsonObject): void {
  const advisory = valueAt(result, 'advisory');
  const name = textAt(result, 'gem', 'name');
  const ruleId = textAt(advisory, 'id');
  const score = numberAt(advisory, 'cvss_v3') ?? numberAt(advisory, 'cvss_v2');
  const patched = textsAt(advisory, 'patched_versions');
  const names = [prefixed('CVE-', textAt(advisory, 'cve')), prefixed('GHSA-', textAt(advisory, 'ghsa'))];
  const url = textAt(advisory, 'url');
  reading.add({
    tool: TOOL,
    kind: 'dependency',
    ruleId,
    title: `${name}: ${textAt(advisory, 'title') ?? ruleId}`,
    description: textAt(advisory, 'description'),
    severity: severityOfWord(textAt(advisory, 'criticality')) ?? severityOfScore(score) ?? 'medium',
    cvss: cvssOf(score),
    aliases: advisoryNames(names).filter((alias) => alias !== ruleId),
    place: {
      package: packageReference({
        ecosystem: 'gem',
        name,
        version: textAt(result, 'gem', 'version'),
        fixedVersions: patched,
      }),
    },
    remedy: patched.length === 0 ? undefined : `Change ${name} to ${patched.join(' or ')}.`,
    references: url === undefined ? [] : [url],
  });
}

function addSource(reading: ReportReading, source: string): void {
  reading.add({
    tool: TOOL,
    kind: 'dependency',
    ruleId: 'insecure_source',
    title: `gems come over an unprotected connection: ${source}`,
    severity: 'medium',
    cwe: [319, 494],
    place: { file: 'Gemfile', url: source },
    remedy: 'Use the address with `https`.',
  });
}

export const importer = defineImporter({
  id: TOOL,
  title: 'bundler-audit',
  formats: ['JSON of `bundle-audit check --format json`', 'text of `bundle-audit check`'],
  kinds: ['dependency'],
  documentation: 'https://github.com/rubysec/bundler-audit',
  recognise({ json, shape, head }) {
    if (shape === 'text')
      return /^Name: \S/m.test(head) && /^(?:Advisory|CVE|GHSA): \S/m.test(head) && /^Solution: /m.test(head)
        ? 2
        : 0;
    const first = valueAt(json, 'results', 0);
    const type = textAt(first, 'type');
    return type === 'unpatched_gem' || type === 'insecure_source' ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content.shape === 'text' ? undefined : content);
    if (content.shape === 'text') for (const block of readBlocks(content.text)) addText(reading, block);
    else
      reading.each(listAt(content.json, 'results'), 'results', (result) => {
        const source = textAt(result, 'source');
        if (source !== undefined) addSource(reading, source);
        else addGem(reading, result);
      });
    const ranAtMs = timeAt(content.json, 'created_at');
    return reading.finish({ tool: TOOL, toolVersion: textAt(content.json, 'version'), ranAtMs });
  },
});
