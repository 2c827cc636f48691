import { expect, test } from 'vitest';
import { limits } from './importer.ts';
import { ReportContent } from './report-content.ts';
import { ReportReading } from './report-reading.ts';

const draft = { tool: 't', ruleId: 'r', kind: 'code', title: 'x', severity: 'low' } as const;

test('what is no object becomes a warning with its place, the rest is read', () => {
  const reading = new ReportReading();
  reading.each([{}, 7, null, []], 'results', () => reading.add(draft));
  const { findings, warnings } = reading.finish({ tool: 't' });
  expect(findings).toHaveLength(1);
  expect(warnings.map(({ at }) => at)).toEqual(['results[1]', 'results[2]', 'results[3]']);
});

test('warnings beyond the limit are counted', () => {
  const reading = new ReportReading();
  for (let index = 0; index < limits.warnings + 10; index += 1) reading.warn('a', 'b');
  const { warnings } = reading.finish({ tool: 't' });
  expect(warnings).toHaveLength(limits.warnings);
  expect(warnings.at(-1)?.message).toBe('11 more warnings');
});

test('what is not known of a report is left out', () => {
  const reading = new ReportReading();
  expect(reading.finish({ tool: 't', toolVersion: undefined, target: { image: undefined } })).toEqual({
    tool: 't',
    findings: [],
    warnings: [],
  });
});

test('lines that are no JSON are warnings', () => {
  const content = new ReportContent('r.jsonl', Buffer.from('{"a":1}\nnoise\n{"a":2}'));
  expect(new ReportReading(content).finish({ tool: 't' }).warnings).toMatchObject([{ at: 'line 2' }]);
});

test('an address loses the password that stands in it', () => {
  const reading = new ReportReading();
  const url = ['https://ada:', 'hunter2', '@shop.example/a@b?c=@'].join('');
  reading.add({ ...draft, kind: 'web', place: { url } });
  expect(reading.findings[0]?.place.url).toBe('https://shop.example/a@b?c=@');
});

test('one page of several is told', () => {
  const reading = new ReportReading();
  reading.expectTotal('rows', 100, 123);
  reading.expectTotal('rows', 100, 100);
  reading.expectTotal('rows', 100, undefined);
  expect(reading.finish({ tool: 't' }).warnings).toEqual([
    { at: 'rows', message: '100 of 123 are in this report; the others are on further pages' },
  ]);
});
