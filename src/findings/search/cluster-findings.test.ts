import { describe, expect, it } from 'vitest';
import type { ReportedFinding } from '../reported-finding.ts';
import { sampleReported } from '../testing/sample-reported-finding.ts';
import type { TrackedFinding } from '../tracking/tracked-finding.ts';
import { clusterPage, findSame, subjectsOf } from './cluster-findings.ts';

function tracked(
  id: string,
  changes: Partial<ReportedFinding> = {},
  repository = 'acme/shop',
): TrackedFinding {
  const finding = sampleReported(changes);
  return {
    id,
    scope: { repository, tool: finding.tool, target: '' },
    state: 'open',
    firstSeenMs: 0,
    lastSeenMs: 0,
    clockStartedAtMs: 0,
    triage: {},
    reportId: 'rep_1',
    finding,
  };
}

const other = { tool: 'other', ruleId: 'eval' } as const;

describe('clusters', () => {
  it('put what means the same under the one that comes first in the list', () => {
    const [late, early, alone] = [
      tracked('b'),
      tracked('c', other),
      tracked('a', { place: { file: 'z.ts' } }),
    ];
    const page = [early, alone, late];
    const clusters = clusterPage(page, page, []);
    expect(clusters).toEqual([
      { first: early, others: [late], reasons: ['same-weakness'] },
      { first: alone, others: [], reasons: [] },
    ]);
  });

  it('stand on one page only, however many have a part of them', () => {
    const [first, second] = [tracked('a'), tracked('b', other)];
    const alike = [first, second];
    expect(clusterPage([first], alike, [])).toMatchObject([{ first, others: [second] }]);
    expect(clusterPage([second], alike, [])).toEqual([]);
  });

  it('never tie two repositories together', () => {
    const page = [tracked('a'), tracked('b', other, 'acme/pay')];
    expect(clusterPage(page, page, []).map(({ others }) => others)).toEqual([[], []]);
    expect(subjectsOf(page)).toEqual([
      { repository: 'acme/shop', subject: 'src/a.ts' },
      { repository: 'acme/pay', subject: 'src/a.ts' },
    ]);
  });

  it('name for one finding all others that mean the same', () => {
    const [one, same, else_] = [
      tracked('a'),
      tracked('b', other),
      tracked('c', { ...other, place: { file: 'src/a.ts', line: 900 } }),
    ];
    expect(findSame(one, [one, same, else_], [])).toEqual({ reasons: ['same-weakness'], findings: [same] });
    expect(findSame(else_, [one, same], [])).toEqual({ reasons: [], findings: [] });
  });
});
