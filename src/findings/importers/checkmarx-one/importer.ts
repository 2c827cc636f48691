import { defineImporter } from '../../importer.ts';
import { isObject, listAt, numberAt, textAt, timeAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { isReport, readReport } from './read-report.ts';
import { resultDraft } from './read-result.ts';

function isResult(value: unknown): boolean {
  return isObject(value) && 'similarityId' in value && 'state' in value && isObject(value['data']);
}

export const importer = defineImporter({
  id: 'checkmarx-one',
  title: 'Checkmarx One',
  formats: ['JSON of `cx results show --report-format json`', 'JSON of the scan report'],
  kinds: ['code', 'infrastructure', 'dependency', 'container', 'secret'],
  documentation: 'https://docs.checkmarx.com/',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json)) return 0;
    const first = listAt(json, 'results')[0];
    if (isResult(first)) return 2;
    const isEmpty =
      Array.isArray(json['results']) && first === undefined && ('totalCount' in json || 'scanID' in json);
    return isEmpty || isReport(json) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const json = isObject(content.json) ? content.json : {};
    const results = listAt(json, 'results');
    reading.each(results, 'results', (result) => reading.add(resultDraft(result)));
    reading.expectTotal('results', results.length, numberAt(json, 'totalCount'));
    readReport(json, reading);
    return reading.finish({
      tool: 'checkmarx',
      ranAtMs:
        timeAt(json, 'reportHeader', 'scanDate') ?? timeAt(textAt(json, 'reportHeader', 'createdDate')),
    });
  },
});
