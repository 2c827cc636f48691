import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ReportContent } from '../../report-content.ts';
import { importer } from './importer.ts';

const guide = readFileSync(
  path.join(import.meta.dirname, '../../../../docs/guides/generic-findings.md'),
  'utf8',
);

test.each(['json', 'csv'])('the %s example of the guide is read without a warning', (language) => {
  const example = guide.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';
  const content = new ReportContent('example', Buffer.from(example));
  expect(importer.recognise(content)).toBe(1);
  const { findings, warnings } = importer.read(content);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.place.file).toMatch(/bucket\.tf|etag\.ts/);
  expect(warnings).toEqual([]);
});
