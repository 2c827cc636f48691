import { defineImporter } from '../../importer.ts';
import { textAt, valueAt } from '../../json-fields.ts';
import { draftOfNpmAdvisory, hasWorkspacePaths, npmAdvisories } from '../../report-npm-advisory.ts';
import { ReportReading } from '../../report-reading.ts';

const TOOL = 'pnpm-audit';

export const importer = defineImporter({
  id: TOOL,
  title: 'pnpm audit',
  formats: ['JSON of `pnpm audit --json`'],
  kinds: ['dependency'],
  documentation: 'https://pnpm.io/cli/audit',
  recognise({ json }) {
    const advisories = npmAdvisories(json);
    if (advisories === undefined) return 0;
    // npm 6 writes the same with `actions`, and its paths do not begin with a workspace.
    return !Array.isArray(valueAt(json, 'actions')) || hasWorkspacePaths(advisories) ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    reading.each(npmAdvisories(content.json) ?? [], 'advisories', (advisory) =>
      reading.add(draftOfNpmAdvisory(TOOL, advisory)),
    );
    const error = textAt(content.json, 'error', 'message');
    if (error !== undefined) reading.warn('error', `pnpm could not audit: ${error}`);
    return reading.finish({ tool: TOOL });
  },
});
