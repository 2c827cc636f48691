import { defineImporter } from '../../importer.ts';
import { listAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { otherNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';

const TOOL = 'pip-audit';

/** Versions before 2.1 write the list alone. */
function dependenciesOf(json: unknown): readonly unknown[] | undefined {
  const list = Array.isArray(json) ? json : valueAt(json, 'dependencies');
  if (!Array.isArray(list)) return undefined;
  const isOurs = list
    .slice(0, 20)
    .every(
      (each) =>
        textAt(each, 'name') !== undefined &&
        (Array.isArray(valueAt(each, 'vulns')) || textAt(each, 'skip_reason') !== undefined),
    );
  return isOurs ? list : undefined;
}

export const importer = defineImporter({
  id: TOOL,
  title: 'pip-audit',
  formats: ['JSON of `pip-audit --format json`, also of versions before 2.1'],
  kinds: ['dependency'],
  documentation: 'https://github.com/pypa/pip-audit#usage',
  recognise({ json, shape }) {
    const dependencies = shape === 'json' ? dependenciesOf(json) : undefined;
    if (dependencies === undefined) return 0;
    if (dependencies.length > 0) return 2;
    return Array.isArray(json) ? 0 : 1;
  },
  read(content) {
    const reading = new ReportReading(content);
    reading.each(dependenciesOf(content.json) ?? [], 'dependencies', (dependency, at) => {
      const name = textAt(dependency, 'name');
      const skipped = textAt(dependency, 'skip_reason');
      if (skipped !== undefined) reading.warn(at, `${name} was not audited: ${skipped}`);
      reading.each(listAt(dependency, 'vulns'), `${at}.vulns`, (vulnerability) => {
        const ruleId = textAt(vulnerability, 'id');
        const fixedVersions = textsAt(vulnerability, 'fix_versions');
        reading.add({
          tool: TOOL,
          kind: 'dependency',
          ruleId,
          title: `${name}: ${ruleId}`,
          description: textAt(vulnerability, 'description'),
          // pip-audit tells no severity: its sources have none for most advisories.
          severity: 'medium',
          aliases: otherNames(ruleId, textsAt(vulnerability, 'aliases')),
          place: {
            package: packageReference({
              ecosystem: 'pypi',
              name,
              version: textAt(dependency, 'version'),
              fixedVersions,
            }),
          },
          remedy: fixedVersions.length === 0 ? undefined : `Change ${name} to ${fixedVersions.join(' or ')}.`,
        });
      });
    });
    return reading.finish({ tool: TOOL });
  },
});
