import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import type { ReportedFinding } from '../reported-finding.ts';
import { sampleReported } from '../testing/sample-reported-finding.ts';
import { type Correlatable, correlate, type RuleClasses } from './correlate.ts';

function groupsOf(findings: readonly Partial<ReportedFinding>[], classes: RuleClasses = []): string[] {
  const all = findings.map(
    (changes, index): Correlatable => ({ id: `f${index}`, finding: sampleReported(changes) }),
  );
  return correlate(all, classes).map(
    ({ members, reasons }) => `${members.map(({ id }) => id).join(' ')}: ${reasons.join(', ')}`,
  );
}

const place = (line: number, endLine = line, file = 'main.tf') => ({ place: { file, line, endLine } });
const lodash = (purl: string, file = 'package-lock.json') => ({ file, package: { name: 'lodash', purl } });

describe('findings of several tools', () => {
  it('are one group with the same advisory of the same package, in whatever version and name', () => {
    expect(
      groupsOf([
        { tool: 'trivy', kind: 'dependency', ruleId: 'CVE-1', place: lodash('pkg:npm/lodash@4.17.1') },
        {
          tool: 'snyk',
          kind: 'dependency',
          ruleId: 'SNYK-1',
          aliases: ['cve-1', 'GHSA-a'],
          place: lodash('pkg:npm/lodash@4.17.1?x=y'),
        },
        {
          tool: 'npm-audit',
          kind: 'dependency',
          ruleId: 'GHSA-a',
          place: { package: { name: 'lodash', ecosystem: 'npm' } },
        },
        {
          tool: 'grype',
          kind: 'dependency',
          ruleId: 'CVE-1',
          place: { package: { name: 'other', ecosystem: 'npm' } },
        },
      ]),
    ).toEqual(['f0 f1 f2: same-advisory']);
  });

  it('are one group where rules are called alike and lines overlap', () => {
    const classes = [['vouchgate/public-bucket', 'CKV_AWS_20', 'trivy/AVD-AWS-0092']];
    const found = [
      { tool: 'checkov', ruleId: 'CKV_AWS_20', cwe: [], ...place(10, 20) },
      { tool: 'vouchgate', ruleId: 'public-bucket', cwe: [], ...place(14) },
      { tool: 'trivy', ruleId: 'AVD-AWS-0092', cwe: [], ...place(10, 20) },
      { tool: 'trivy', ruleId: 'AVD-AWS-0092', cwe: [], ...place(30, 40) },
      { tool: 'checkov', ruleId: 'CKV_AWS_20', cwe: [], ...place(10, 20, 'other.tf') },
    ];
    expect(groupsOf(found, classes)).toEqual(['f0 f1 f2: same-rule']);
    // A name of several classes belongs to each of them.
    expect(groupsOf(found, [...classes, ['vouchgate/other', 'CKV_AWS_20']])).toEqual(['f0 f1 f2: same-rule']);
    expect(groupsOf(found)).toEqual([]);
  });

  it('are one group where weaknesses are of one family and lines overlap', () => {
    expect(
      groupsOf([
        { tool: 'a', ruleId: 'x', cwe: [89], ...place(10, 12) },
        { tool: 'b', ruleId: 'y', cwe: [564], ...place(12) },
        { tool: 'c', ruleId: 'z', cwe: [79], ...place(12) },
        { tool: 'd', ruleId: 'w', cwe: [943], ...place(13) },
      ]),
    ).toEqual(['f0 f1: same-weakness']);
  });

  it('are one group where they mean the same secret', () => {
    const secret = (tool: string, line: number) => ({
      tool,
      ruleId: tool,
      kind: 'secret' as const,
      cwe: [],
      ...place(line),
    });
    expect(groupsOf([secret('gitleaks', 3), secret('trufflehog', 3), secret('trivy', 4)])).toEqual([
      'f0 f1: same-secret',
    ]);
  });

  it('are no group when one tool says it all, or nobody says where', () => {
    expect(groupsOf([place(1), place(1)])).toEqual([]);
    expect(
      groupsOf([
        { tool: 'a', place: {} },
        { tool: 'b', place: {} },
      ]),
    ).toEqual([]);
  });

  it('are not tied together by a finding on a whole file', () => {
    expect(
      groupsOf([
        { tool: 'a', ruleId: 'x', ...place(1, 5_000) },
        { tool: 'b', ruleId: 'y', ...place(3_000) },
      ]),
    ).toEqual([]);
  });

  it('come out the same in any order, each in at most one group', () => {
    const finding = fc.record({
      tool: fc.constantFrom('a', 'b', 'c'),
      ruleId: fc.constantFrom('r', 's'),
      cwe: fc.subarray([79, 89, 22]),
      line: fc.integer({ min: 1, max: 30 }),
      length: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 30 }), fc.integer(), (list, turn) => {
        const all = list.map(
          ({ line, length, ...rest }, index): Correlatable => ({
            id: `f${String(index).padStart(2, '0')}`,
            finding: sampleReported({ ...rest, ...place(line, line + length) }),
          }),
        );
        const by = all.length === 0 ? 0 : Math.abs(turn) % all.length;
        const groups = correlate(all);
        expect(correlate([...all.slice(by), ...all.slice(0, by)].toReversed())).toEqual(groups);
        const ids = groups.flatMap(({ members }) => members.map(({ id }) => id));
        expect(new Set(ids).size).toBe(ids.length);
        for (const { id, members } of groups) {
          expect(id).toBe(members[0]?.id);
          expect(new Set(members.map((member) => member.finding.tool)).size).toBeGreaterThan(1);
        }
      }),
    );
  });

  it('are compared in near-linear time, however many overlap', () => {
    const started = threadMs();
    const many = Array.from(
      { length: 40_000 },
      (_, index): Correlatable => ({
        id: `f${String(index).padStart(5, '0')}`,
        finding: sampleReported({ tool: `t${index % 50}`, ...place(1 + (index % 3), 40) }),
      }),
    );
    expect(correlate(many)).toHaveLength(1);
    expect(threadMs() - started).toBeLessThan(5_000);
  });
});
