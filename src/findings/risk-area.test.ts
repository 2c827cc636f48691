import { describe, expect, it } from 'vitest';
import { type RiskArea, riskAreaOf, riskAreaOfRule, ruleAreasOf } from './risk-area.ts';
import type { ReportedFinding } from './reported-finding.ts';
import type { RuleDescription } from './rule-description.ts';
import { sampleReported } from './testing/sample-reported-finding.ts';

const NONE = new Map<string, RiskArea>();

function makeRule(id: string, changes: Partial<RuleDescription> = {}): RuleDescription {
  return {
    id,
    title: 't',
    severity: 'high',
    confidence: 'high',
    persona: 'regular',
    standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-829'], cis: [] },
    description: 'd',
    why: 'w',
    remedy: 'r',
    references: [],
    aliases: [],
    ...changes,
  };
}

describe('the risk area', () => {
  it.each([
    ['CICD-SEC-1', 'privilege'],
    ['CICD-SEC-3', 'third-parties'],
    ['CICD-SEC-4', 'poisoning'],
    ['CICD-SEC-6', 'secrets'],
    ['CICD-SEC-7', 'misconfiguration'],
    ['CICD-SEC-9', 'poisoning'],
    ['CICD-SEC-10', 'monitoring'],
  ] as const)('of a rule about %s is %s', (standard, area) => {
    const standards = { cicdSec: [standard], cwe: ['CWE-829'], cis: [] } as const;
    expect(riskAreaOfRule(makeRule('a', { standards }))).toBe(area);
  });

  it('of a rule is that of code injection where text becomes code, and the one that it says itself before all', () => {
    const standards = { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-94'], cis: [] } as const;
    expect(riskAreaOfRule(makeRule('a', { standards }))).toBe('code-injection');
    expect(riskAreaOfRule(makeRule('a', { standards, area: 'security-testing' }))).toBe('security-testing');
  });

  it.each<[Partial<ReportedFinding>, RiskArea | undefined]>([
    [{ kind: 'secret', cwe: [] }, 'secrets'],
    [{ kind: 'dependency', cwe: [79] }, 'third-parties'],
    [{ kind: 'container', cwe: [] }, 'third-parties'],
    [{ kind: 'licence', cwe: [] }, 'third-parties'],
    [{ kind: 'infrastructure', cwe: [] }, 'misconfiguration'],
    [{ kind: 'pipeline', cwe: [] }, 'misconfiguration'],
    [{ kind: 'code', cwe: [89] }, 'code-injection'],
    [{ kind: 'code', cwe: [327] }, 'security-testing'],
    [{ kind: 'web', cwe: [352] }, 'security-testing'],
    [{ kind: 'quality', cwe: [89] }, undefined],
  ])('of a finding of another tool goes by what it is about: %j', (changes, area) => {
    expect(riskAreaOf(sampleReported(changes), NONE)).toBe(area);
  });

  it('of a finding is that of our rule, by whatever name it goes', () => {
    const areas = ruleAreasOf([makeRule('ours', { aliases: ['Zizmor/theirs', 'CKV_1'] })]);
    const pipeline = { kind: 'pipeline', cwe: [] } as const;
    expect(riskAreaOf(sampleReported({ ...pipeline, tool: 'vouchgate', ruleId: 'ours' }), areas)).toBe(
      'poisoning',
    );
    expect(riskAreaOf(sampleReported({ ...pipeline, tool: 'zizmor', ruleId: 'theirs' }), areas)).toBe(
      'poisoning',
    );
    expect(riskAreaOf(sampleReported({ ...pipeline, aliases: ['CKV_1'] }), areas)).toBe('poisoning');
    expect(riskAreaOf(sampleReported({ ...pipeline, ruleId: '__proto__' }), areas)).toBe('misconfiguration');
  });

  it('of a rule of ours is never that of somebody who names it as an alias', () => {
    const standards = { cicdSec: ['CICD-SEC-6'], cwe: [], cis: [] } as const;
    const areas = ruleAreasOf([makeRule('one'), makeRule('two', { standards, aliases: ['vouchgate/one'] })]);
    expect(areas.get('vouchgate/one')).toBe('poisoning');
  });
});
