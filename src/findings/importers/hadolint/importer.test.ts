import { expect, test } from 'vitest';
import { ReportContent } from '../../report-content.ts';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('problems of Hadolint and of ShellCheck have their severity and their page', () => {
  const { findings } = readOwnSample(importer, 'report.json');
  expect(findings.map(({ ruleId, severity, references }) => [ruleId, severity, references[0]])).toEqual([
    ['DL3008', 'medium', 'https://github.com/hadolint/hadolint/wiki/DL3008'],
    ['SC2086', 'low', 'https://www.shellcheck.net/wiki/SC2086'],
    ['DL3020', 'high', 'https://github.com/hadolint/hadolint/wiki/DL3020'],
  ]);
  expect(findings[1]).toMatchObject({
    kind: 'infrastructure',
    place: { file: 'docker/Dockerfile', line: 14, column: 5 },
  });
});

test('a list of something else with a level is not taken for it', () => {
  const list = Buffer.from(JSON.stringify([{ file: 'a', level: 'info', code: 'X1' }]));
  expect(importer.recognise(new ReportContent('list.json', list))).toBe(0);
});
