import { cvssOfVector } from '../../cvss-vector.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { otherNames } from '../../report-advisory.ts';
import { lowestOf } from '../../report-npm-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore } from '../../report-severity.ts';
import type { Severity } from '../../severity.ts';

const TOOL = 'cargo-audit';

/** RustSec's kinds of informational advisories: no vulnerability of itself, except that unsound code may become one. */
const WARNINGS: Readonly<Record<string, { readonly severity: Severity; readonly title: string }>> = {
  unsound: { severity: 'low', title: 'the package is unsound' },
  unmaintained: { severity: 'info', title: 'the package is not maintained' },
  notice: { severity: 'info', title: 'a notice about the package' },
  yanked: { severity: 'info', title: 'the version was withdrawn by its makers' },
};

function add(reading: ReportReading, item: JsonObject, warning: string | undefined): void {
  const advisory = objectAt(item, 'advisory');
  const name = textAt(item, 'package', 'name') ?? textAt(advisory, 'package');
  const patched = textsAt(item, 'versions', 'patched').map(lowestOf);
  const known =
    warning === undefined ? undefined : Object.hasOwn(WARNINGS, warning) ? WARNINGS[warning] : undefined;
  const ruleId = textAt(advisory, 'id') ?? warning;
  const cvss = cvssOfVector(textAt(advisory, 'cvss'));
  const title = textAt(advisory, 'title') ?? known?.title ?? ruleId;
  const url = textAt(advisory, 'url');
  reading.add({
    tool: TOOL,
    kind: 'dependency',
    ruleId,
    title: `${name ?? 'a crate'}: ${title}`,
    description: textAt(advisory, 'description'),
    severity: warning === undefined ? (severityOfScore(cvss?.score) ?? 'high') : (known?.severity ?? 'info'),
    cvss,
    aliases: otherNames(ruleId, textsAt(advisory, 'aliases')),
    place: {
      package: packageReference({
        ecosystem: 'cargo',
        name,
        version: textAt(item, 'package', 'version'),
        fixedVersions: patched,
      }),
    },
    remedy: patched.length === 0 ? undefined : `Change ${name} to ${patched.join(' or ')} or later.`,
    references: [...(url === undefined ? [] : [url]), ...textsAt(advisory, 'references')],
    attributes: {
      category: warning ?? textsAt(advisory, 'categories').join(', '),
      keywords: textsAt(advisory, 'keywords').join(', '),
    },
  });
}

export const importer = defineImporter({
  id: TOOL,
  title: 'cargo-audit',
  formats: ['JSON of `cargo audit --json`'],
  kinds: ['dependency'],
  documentation: 'https://github.com/rustsec/rustsec/tree/main/cargo-audit',
  recognise({ json }) {
    const isOurs =
      isObject(valueAt(json, 'lockfile')) && Array.isArray(valueAt(json, 'vulnerabilities', 'list'));
    return isOurs ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json, 'vulnerabilities', 'list'), 'vulnerabilities.list', (item) =>
      add(reading, item, undefined),
    );
    for (const [kind, items] of Object.entries(objectAt(content.json, 'warnings') ?? {})) {
      if (Array.isArray(items)) reading.each(items, `warnings.${kind}`, (item) => add(reading, item, kind));
    }
    return reading.finish({ tool: TOOL });
  },
});
