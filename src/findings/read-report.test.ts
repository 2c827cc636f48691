import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ImportError } from './import-error.ts';
import { defineImporter, type Importer } from './importer.ts';
import { isDeeperThan, splitJsonStream } from './json-structure.ts';
import { readReport, recogniseReport } from './read-report.ts';
import { ReportContent } from './report-content.ts';

function importerOf(id: string, score: 0 | 1 | 2 | 3): Importer {
  return defineImporter({
    id,
    title: id,
    formats: ['JSON'],
    kinds: ['code'],
    documentation: 'https://docs.acme.example',
    recognise: () => score,
    read: () => ({ tool: id, findings: [], warnings: [] }),
  });
}

function refusal(run: () => unknown): ImportError {
  try {
    run();
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const someJson = new ReportContent('a.json', Buffer.from('{"totals": 3, "rows": []}'));

describe('choosing the importer of a report', () => {
  test('the surest one is taken', () => {
    const all = [importerOf('sarif', 2), importerOf('snyk-code', 3), importerOf('other', 0)];
    expect(recogniseReport(someJson, all).id).toBe('snyk-code');
  });

  test('the generic one goes last at the same score', () => {
    expect(recogniseReport(someJson, [importerOf('generic', 1), importerOf('tflint', 1)]).id).toBe('tflint');
    expect(recogniseReport(someJson, [importerOf('generic', 1)]).id).toBe('generic');
  });

  test('two that are as sure are named, with what to do', () => {
    const error = refusal(() => recogniseReport(someJson, [importerOf('a', 2), importerOf('b', 2)]));
    expect(error).toMatchObject({ code: 'report_ambiguous' });
    expect(error.remedy).toContain('`--as a` or `--as b`');
  });

  test('an unknown report says what it looks like, by names and never by values', () => {
    const error = refusal(() => recogniseReport(someJson, [importerOf('a', 0)]));
    expect(error).toMatchObject({ code: 'report_unknown' });
    expect(error.message).toBe('a.json is of no known format: a JSON object with "totals", "rows"');
    expect(error.remedy).toContain('--as');
  });

  test('an importer that fails on this content does not keep others from it', () => {
    const failing: Importer = {
      ...importerOf('failing', 0),
      recognise() {
        throw new ImportError('report_unreadable', 'not mine');
      },
    };
    expect(recogniseReport(someJson, [failing, importerOf('tflint', 2)]).id).toBe('tflint');
    expect(refusal(() => recogniseReport(someJson, [failing])).message).toBe('not mine');
  });

  test.each([
    ['<report/>', 'XML with the root element "report"'],
    ['[{"a": 1}]', 'a JSON list of objects with "a"'],
    ['{"a": 1}\n{"a": 2}', 'lines of JSON of objects with "a"'],
    ['{"a": 1', 'JSON that is not well-formed or cut off'],
    ['hello', 'plain text'],
    ['', 'it is empty'],
    [' null\n', 'it is empty'],
    ['[ ]', 'it is empty'],
    ['"hello"', 'a single JSON value'],
  ])('%j is described as %s', (text, described) => {
    const content = new ReportContent('x', Buffer.from(text));
    expect(refusal(() => recogniseReport(content, [importerOf('a', 0)])).message).toContain(described);
  });

  test('a name that is no importer suggests the one that was meant', () => {
    const error = refusal(() => readReport('a.json', Buffer.from('{}'), { as: 'sarfi' }));
    expect(error).toMatchObject({ code: 'report_unknown' });
    expect(error.remedy).toContain('--as sarif');
  });
});

describe('a report whose tool is named', () => {
  test.each(['null', '[]', ''])('is read though %j does not say whose it is', (text) => {
    const { importer, report } = readReport('leaks', Buffer.from(text), { as: 'gitleaks' });
    expect({ id: importer.id, findings: report.findings }).toEqual({ id: 'gitleaks', findings: [] });
  });

  test('is read as PowerShell writes it, in UTF-16', () => {
    const leak = [{ RuleID: 'a', File: 'f', StartLine: 1, Secret: 'not-so-secret' }];
    const bytes = Buffer.from(`\uFEFF${JSON.stringify(leak)}`, 'utf16le');
    expect(readReport('leaks.json', bytes).report.findings).toMatchObject([{ ruleId: 'a' }]);
  });
});

describe('content that is refused', () => {
  test('an empty or unknown file', () => {
    expect(refusal(() => readReport('a', Buffer.alloc(0))).code).toBe('report_unknown');
  });

  test('XML with a document type definition', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>';
    expect(refusal(() => readReport('a.xml', Buffer.from(bomb))).code).toBe('report_refused');
  });

  test('JSON that is nested too deep, in one document and in lines', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(refusal(() => readReport('a.json', Buffer.from(deep))).code).toBe('report_refused');
    expect(refusal(() => readReport('a.json', Buffer.from(`{"a":1}\n${deep}`))).code).toBe('report_refused');
  });

  test('an archive that is damaged', () => {
    const broken = Buffer.concat([Buffer.from('PK\u0003\u0004'), deflateRawSync(Buffer.alloc(100))]);
    expect(refusal(() => new ReportContent('a.zip', broken).entries).code).toBe('report_refused');
  });

  test('what was no JSON is not quoted', () => {
    const secret = ['ghp', 'a1B2c3D4e5F6'].join('_');
    const content = new ReportContent('a.json', Buffer.from(`{"a": ${secret}`));
    expect(JSON.stringify(content.brokenLines)).not.toContain(secret);
  });
});

describe('the depth of JSON', () => {
  test('counts lists and objects, not what stands in texts', () => {
    expect(isDeeperThan('[[{"a": []}]]', 3)).toBe(true);
    expect(isDeeperThan('[[{"a": []}]]', 4)).toBe(false);
    expect(isDeeperThan('["[[[[[[\\"[[[[", "{{{{\\\\"]', 1)).toBe(false);
  });
});

describe('documents one after the other', () => {
  test('are read though each goes over many lines', () => {
    const documents = [{ a: '}{' }, { b: [1, { c: '\\"' }] }];
    const text = documents.map((each) => JSON.stringify(each, null, 2)).join('\n');
    expect([...splitJsonStream(text)].map((part) => JSON.parse(part) as unknown)).toEqual(documents);
    expect(new ReportContent('a', Buffer.from(text))).toMatchObject({ shape: 'ndjson', json: documents });
  });

  test('lines of a log between lines of JSON are kept as broken lines', () => {
    const content = new ReportContent('a', Buffer.from('{"a":1}\nstarting\n{"a":2}'));
    expect(content.json).toEqual([{ a: 1 }, { a: 2 }]);
    expect(content.brokenLines).toMatchObject([{ line: 2 }]);
  });

  test('a document that is cut off is said to be', () => {
    expect(new ReportContent('a', Buffer.from('{"a": [1, 2'))).toMatchObject({
      shape: 'text',
      brokenLines: [{ line: 1 }],
    });
  });
});
