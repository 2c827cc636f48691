import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { hostileReport } from '../../testing/hostile-report.ts';
import { sampleFinding, sampleLocation, sampleReport } from '../../testing/sample-finding.ts';
import type { ScanReport } from '../reporter.ts';
import { reporter } from './reporter.ts';

/** As GitLab documents it: every one of these is needed. */
const CodeQuality = z.array(
  z.strictObject({
    description: z.string().min(1),
    check_name: z.string().min(1),
    fingerprint: z.string().min(1),
    severity: z.enum(['info', 'minor', 'major', 'critical', 'blocker']),
    location: z.strictObject({
      path: z.string(),
      lines: z.strictObject({ begin: z.int().positive(), end: z.int().positive() }),
    }),
  }),
);
const read = (report: ScanReport) =>
  CodeQuality.parse(
    JSON.parse(reporter.render(report, { color: false, columns: 80, toolVersion: '1.2.3', timeMs: 0 })),
  );

it('is what GitLab reads, whatever stood in the files', () => {
  fc.assert(fc.property(hostileReport, (report) => void read(report)));
});

it('names the place relative to the repository and the severity in the platform’s words', () => {
  const location = { ...sampleLocation(3, 1, 2, 'x'), file: './.gitlab-ci.yml' };
  const [issue] = read(sampleReport([sampleFinding({ severity: 'critical', locations: [location] })]));
  expect(issue).toEqual({
    description: 'something is wrong here. Do something else.',
    check_name: 'sample',
    fingerprint: 'v1:0',
    severity: 'blocker',
    location: { path: '.gitlab-ci.yml', lines: { begin: 3, end: 3 } },
  });
});

it('has an entry of its own for each place that was not read, and none for what is suppressed', () => {
  const problem = { file: 'a.yml', line: 3, column: 1, message: 'not valid YAML', partial: false };
  const suppressed = sampleFinding({ suppression: { kind: 'inline', justification: 'x' } });
  const issues = read({ ...sampleReport([suppressed]), problems: [problem, problem] });
  expect(issues.map(({ check_name }) => check_name)).toEqual(['unreadable', 'unreadable']);
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(2);
});
