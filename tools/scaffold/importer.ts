import type { ScaffoldedFiles } from './scaffold.ts';

function importer(id: string): string {
  return `import { buildReportedFinding } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { listAt, positionAt, textAt, valueAt } from '../../json-fields.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { ReportedFinding } from '../../reported-finding.ts';

const TOOL = '${id}';

// What the tool does not say stays out; nothing is invented.
function readResult(result: unknown): ReportedFinding {
  return buildReportedFinding({
    tool: TOOL,
    kind: 'code',
    ruleId: textAt(result, 'rule'),
    title: textAt(result, 'message'),
    severity: severityOfWord(textAt(result, 'severity')) ?? 'medium',
    place: { file: textAt(result, 'file'), line: positionAt(result, 'line') },
  });
}

export const importer = defineImporter({
  id: TOOL,
  title: '${id}',
  formats: ['JSON of \`${id} --format json\`'],
  kinds: ['code'],
  documentation: '',
  // By its structure: what does only this tool write?
  recognise: ({ json }) => (valueAt(json, '${id}-results') === undefined ? 0 : 2),
  read: ({ json }) => ({
    tool: TOOL,
    findings: listAt(json, '${id}-results').map(readResult),
    warnings: [],
  }),
});
`;
}

const SAMPLE = { rule: 'no-eval', message: 'eval of input', severity: 'high', file: 'src/shop.ts', line: 3 };

function test(id: string): string {
  return `import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ReportContent } from '../../report-content.ts';
import { importer } from './importer.ts';

// The contract suite (importers.test.ts) breaks the sample in every way. What is special to ${id} comes here.
const sample = readFileSync(new URL('sample.json', import.meta.url));

test('the documentation of the format is named', () => {
  expect(importer.documentation).toMatch(/^https:/);
});

test('a finding says what and where', () => {
  const { findings } = importer.read(new ReportContent('sample.json', sample));
  expect(findings).toMatchObject([{ ruleId: 'no-eval', severity: 'high', place: { file: 'src/shop.ts' } }]);
});
`;
}

export function importerFiles(id: string): ScaffoldedFiles {
  const folder = `src/findings/importers/${id}`;
  return {
    [`${folder}/importer.ts`]: importer(id),
    [`${folder}/sample.json`]: `${JSON.stringify({ [`${id}-results`]: [SAMPLE] }, null, 2)}\n`,
    [`${folder}/importer.test.ts`]: test(id),
  };
}
