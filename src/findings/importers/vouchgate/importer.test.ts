import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readReport } from '../../read-report.ts';
import { reporters } from '../../reporters.generated.ts';
import { hostileReport } from '../../testing/hostile-report.ts';
import { sampleFinding, sampleReport } from '../../testing/sample-finding.ts';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('vouchgate scan --format json', () => {
  const { findings, warnings, tool } = readOwnSample(importer, 'sample.json');

  test('keeps fingerprint, waiver and path', () => {
    expect(tool).toBe('vouchgate');
    expect(findings[0]).toMatchObject({
      kind: 'pipeline',
      ruleId: 'script-injection',
      severity: 'high',
      toolFingerprint: '0d5f2f0c9a7b4e11',
      decision: { state: 'accepted', reason: 'only maintainers open issues', by: 'ada@acme.example' },
      otherPlaces: [{ file: '.github/workflows/triage.yml', line: 2 }],
    });
  });

  test('a secret’s lines are not kept', () => {
    expect(findings[1]).toMatchObject({ kind: 'secret' });
    expect(findings[1]).not.toHaveProperty('snippet');
  });

  test('what another tool said in the same scan is that tool’s', () => {
    expect(findings[2]).toMatchObject({ tool: 'checkov', ruleId: 'CKV_AWS_20', kind: 'infrastructure' });
    expect(findings[2]).not.toHaveProperty('toolFingerprint');
  });

  test('a file that could not be read is a warning', () => {
    expect(warnings).toEqual([{ at: '.github/workflows/broken.yml:4', message: 'this is no YAML' }]);
  });
});

describe('what a scan of ours writes', () => {
  const options = { color: false, columns: 80, toolVersion: '0.1.0', timeMs: 1_772_446_500_000 };
  const read = (format: string, report: Parameters<NonNullable<(typeof reporters)[string]>['render']>[0]) =>
    readReport('report', Buffer.from(reporters[format]?.render(report, options) ?? '')).report;

  test('is the same finding in JSON and in SARIF', () => {
    const report = sampleReport([sampleFinding({ severity: 'critical', fingerprint: '0d5f2f0c9a7b4e11' })]);
    const [json, sarif] = ['json', 'sarif'].map((format) => read(format, report).findings[0]);
    expect(json).toMatchObject({
      tool: 'vouchgate',
      severity: 'critical',
      toolFingerprint: '0d5f2f0c9a7b4e11',
    });
    for (const key of [
      'tool',
      'ruleId',
      'kind',
      'severity',
      'confidence',
      'place',
      'toolFingerprint',
    ] as const)
      expect(sarif?.[key]).toEqual(json?.[key]);
  });

  test('is read however hostile the texts of the scanned files are', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        for (const format of ['json', 'sarif']) {
          const { tool, findings } = read(format, report);
          expect(tool).toBe('vouchgate');
          expect(findings).toHaveLength(report.findings.length);
        }
      }),
      { numRuns: 50 },
    );
  });
});
