import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeZip } from '#core/testing/make-zip.ts';
import { ReportContent } from '../../report-content.ts';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

const fvdl = readFileSync(path.join(import.meta.dirname, 'audit.fvdl'));
const audit = `<?xml version="1.0"?><ns2:Audit xmlns:ns2="xmlns://www.fortify.com/schema/audit"><ns2:IssueList>
  <ns2:Issue instanceId="A5338E223E737FF81F8A806C50A05901"><ns2:Tag id="t"><ns2:Value>Exploitable</ns2:Value></ns2:Tag></ns2:Issue>
  <ns2:Issue instanceId="A5338E223E737FF81F8A806C50A05902" suppressed="true"><ns2:ThreadedComments><ns2:Comment>
    <ns2:Content>Only in a test.</ns2:Content><ns2:Username>ada</ns2:Username></ns2:Comment></ns2:ThreadedComments></ns2:Issue>
</ns2:IssueList></ns2:Audit>`;

function readProject(auditXml: string) {
  const bytes = makeZip([
    { name: 'audit.fvdl', data: fvdl },
    { name: 'audit.xml', data: Buffer.from(auditXml) },
  ]);
  const content = new ReportContent('shop.fpr', bytes);
  expect(importer.recognise(content)).toBe(2);
  return importer.read(content);
}

describe('Fortify', () => {
  test('a project archive has traces, filled texts, and the quadrant of impact and likelihood', () => {
    const { findings, toolVersion } = readProject(audit);
    expect(toolVersion).toBe('24.2.0');
    expect(findings[0]).toMatchObject({
      ruleId: '720E3A66-0000-0000-0000-000000000001',
      title: 'SQL Injection',
      severity: 'critical',
      confidence: 'high',
      cwe: [89],
      place: { file: 'src/OrderRepository.java', line: 42, symbol: 'OrderRepository.find' },
      otherPlaces: [{ file: 'src/OrderController.java', line: 17 }],
      toolFingerprint: 'A5338E223E737FF81F8A806C50A05901',
      remedy: 'Bind parameters.',
    });
    expect(findings[0]?.description).toContain('The call to executeQuery() could');
    // Impact 4.0, likelihood 3 × 2 × 4 / 25 = 0.96.
    expect(findings[1]).toMatchObject({ severity: 'high', cwe: [259, 798] });
  });

  test('auditors decide: suppressed with its comment, exploitable as verified', () => {
    const { findings } = readProject(audit);
    expect(findings[0]).toMatchObject({ verified: true });
    expect(findings[0]?.decision).toBeUndefined();
    expect(findings[1]?.decision).toEqual({ state: 'accepted', reason: 'Only in a test.', by: 'ada' });
  });

  test('an audit that declares entities costs a warning, not the findings', () => {
    const { findings, warnings } = readProject('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>');
    expect(findings).toHaveLength(2);
    expect(warnings[0]).toMatchObject({ at: 'audit.xml' });
  });

  test('the code of a hard-coded password is not kept', () => {
    expect(JSON.stringify(readOwnSample(importer, 'audit.fvdl'))).not.toContain('PLANTED');
  });

  test('an XML report is read, an issue in two listings once', () => {
    const { findings } = readOwnSample(importer, 'report.xml');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      ruleId: 'B32F92AC-0000-0000-0000-000000000003',
      severity: 'critical',
      place: { file: 'src/Run.java', line: 54, symbol: 'start()' },
      otherPlaces: [{ line: 33 }],
      decision: { state: 'false-positive' },
      remedy: 'Name the program and its arguments.',
    });
  });
});
