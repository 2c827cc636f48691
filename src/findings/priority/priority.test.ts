import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrioritySection } from '#broker/configuration/priority-section.ts';
import { buildReportedFinding, type FindingDraft } from '../build-reported-finding.ts';
import { confidences, severities } from '../severity.ts';
import { computePriority as computeByWeights, type PriorityFacts } from './priority.ts';
import { exposureOf } from './priority-facts.ts';

const defaults = PrioritySection.parse({});
const computePriority = (facts: PriorityFacts) => computeByWeights(facts, defaults);

const plain: PriorityFacts = {
  severity: 'high',
  confidence: 'high',
  verified: false,
  exploited: false,
  epss: undefined,
  exposure: 'unknown',
  reach: 'unknown',
};

function finding(draft: Partial<FindingDraft>) {
  return buildReportedFinding({
    tool: 'trivy',
    ruleId: 'CVE-2021-44228',
    kind: 'dependency',
    severity: 'critical',
    title: 'a flaw',
    ...draft,
  });
}

const anyFacts = fc.record({
  severity: fc.constantFrom(...severities),
  confidence: fc.constantFrom(undefined, ...confidences),
  verified: fc.boolean(),
  exploited: fc.boolean(),
  epss: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  exposure: fc.constantFrom('confirmed', 'internet', 'unknown', 'development', 'test'),
  reach: fc.constantFrom('production', 'credentials', 'unknown', 'none'),
} as const);

describe('the priority', () => {
  it('is the product of its factors, each of which says why', () => {
    const facts: PriorityFacts = { ...plain, epss: 0.5, reach: 'production', exposure: 'development' };
    const { score, factors } = computePriority(facts);
    expect(score).toBe(Math.round(45 * 1 * 1.3 * 0.6 * 1.5));
    expect(factors.map(({ because }) => because)).toEqual([
      'severity high',
      'confidence high',
      'EPSS gives 50.0 % for an exploit within 30 days',
      'it is part of the build, not of what runs',
      'the pipelines of this repository reach production',
    ]);
  });

  it('is between 0 and 100, and never lower for what is worse', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { score } = computePriority(facts);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        expect(computePriority({ ...facts, exploited: true }).score).toBeGreaterThanOrEqual(score);
        expect(computePriority({ ...facts, severity: 'critical' }).score).toBeGreaterThanOrEqual(score);
        expect(computePriority({ ...facts, reach: 'production' }).score).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it('counts the strongest sign of an exploit once', () => {
    const exploited = computePriority({ ...plain, exploited: true });
    expect(computePriority({ ...plain, exploited: true, verified: true, epss: 1 })).toMatchObject({
      score: exploited.score,
    });
  });

  it('goes by the weights that are configured', () => {
    const weights = PrioritySection.parse({ severity: { high: 10 } });
    expect(computeByWeights(plain, weights).score).toBe(10);
    expect(weights.severity.low).toBe(defaults.severity.low);
    expect(() => PrioritySection.parse({ severity: { hihg: 10 } })).toThrow('hihg');
    expect(() => PrioritySection.parse({ reach: { none: -1 } })).toThrow('none');
  });
});

describe('exposure', () => {
  it('is what the tool and the place say', () => {
    expect(exposureOf(finding({ kind: 'web', verified: true }))).toBe('confirmed');
    expect(exposureOf(finding({ kind: 'web' }))).toBe('internet');
    expect(exposureOf(finding({ kind: 'code', place: { file: 'src/tests/a.py' } }))).toBe('test');
    expect(exposureOf(finding({ attributes: { scope: 'dev' } }))).toBe('development');
    expect(exposureOf(finding({ kind: 'code', place: { file: 'src/latest/a.py' } }))).toBe('unknown');
  });

  it('of a secret does not shrink because it stands in a test', () => {
    expect(exposureOf(finding({ kind: 'secret', place: { file: 'tests/a.py' } }))).toBe('unknown');
  });
});
