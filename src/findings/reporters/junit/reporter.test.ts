import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMarkup } from '../../testing/check-markup.ts';
import { hostileReport } from '../../testing/hostile-report.ts';
import { sampleFinding, sampleReport } from '../../testing/sample-finding.ts';
import type { ScanReport } from '../reporter.ts';
import { reporter } from './reporter.ts';

const render = (report: ScanReport) =>
  reporter.render(report, { color: false, columns: 80, toolVersion: '1.2.3', timeMs: 0 });

it('is well-formed and holds only characters of XML 1.0, whatever stood in the files', () => {
  const names = new Set(['?xml', 'testsuites', 'testsuite', 'testcase', 'failure', 'skipped', 'error']);
  const property = fc.property(hostileReport, (report) => {
    const text = render(report);
    expect(readMarkup(text).every((name) => names.has(name))).toBe(true);
    expect(text).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
  });
  fc.assert(property);
});

it('counts what it says: failures, what was left to stand, and what was not read', () => {
  const text = render({
    ...sampleReport([
      sampleFinding({}),
      sampleFinding({ suppression: { kind: 'inline', justification: undefined }, fingerprint: 'v1:1' }),
    ]),
    problems: [{ file: 'a.yml', line: 1, column: 1, message: 'not valid YAML', partial: false }],
  });
  expect(text).toContain('<testsuites name="vouchgate scan" tests="3" failures="1" errors="1" skipped="1">');
  expect(text).toContain('<skipped message="inline: no reason given"/>');
  expect(text).toContain('<error message="not valid YAML" type="not read"/>');
});

it('lets a rule that found nothing pass', () => {
  expect(render(sampleReport([]))).toContain('<testcase classname="sample" name="found nothing"/>');
});
