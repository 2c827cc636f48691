import type { Finding, Location } from '../finding.ts';
import type { ScanReport } from '../reporters/reporter.ts';
import type { RuleDescription } from '../rule-description.ts';

export function sampleLocation(line: number, column: number, length: number, text: string): Location {
  return {
    file: '.github/workflows/ci.yml',
    start: { line, column, offset: 100 },
    end: { line, column: column + length, offset: 100 + length },
    excerpt: { firstLine: line, lines: [text] },
  };
}

export function sampleFinding(changes: Partial<Finding>): Finding {
  return {
    ruleId: 'sample',
    severity: 'high',
    confidence: 'medium',
    persona: 'regular',
    message: 'something is wrong here',
    explanation: 'An attacker does something with it.',
    remedy: 'Do something else.',
    locations: [sampleLocation(12, 14, 5, '        run: echo ${{ x }}')],
    fixes: [],
    fingerprint: 'v1:0',
    ...changes,
  };
}

export const sampleRule: RuleDescription = {
  id: 'sample',
  title: 'Something is wrong',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-94'], cis: [] },
  description: 'Looks for something.',
  why: 'An attacker does something with it.',
  remedy: 'Do something else.',
  references: ['https://example.com/'],
  aliases: [],
};

export function sampleReport(findings: readonly Finding[]): ScanReport {
  return {
    findings,
    problems: [],
    rules: [sampleRule],
    filesScanned: 1,
    fileKinds: { workflow: 1 },
    notes: [],
  };
}
