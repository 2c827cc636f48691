import fc from 'fast-check';
import { matchesGlob } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyBaseline, Baseline, createBaseline } from './baseline.ts';
import type { Finding } from './finding.ts';
import { computeFingerprints } from './fingerprint.ts';
import { findInlineIgnores } from './inline-ignores.ts';
import { applyWaivers, ScanConfiguration } from './scan-configuration.ts';
import { isAtLeast, readsAs } from './severity.ts';
import { sampleFinding } from './testing/sample-finding.ts';

const parts = (text: string, structure = 'jobs/a') => ({ ruleId: 'r', file: 'f', structure, text });

describe('a fingerprint', () => {
  it('does not change with layout', () => {
    const property = fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 }), (words) => {
      const [spaced, wrapped] = [words.join(' '), words.join('\n      ')];
      expect(computeFingerprints([parts(spaced)])).toEqual(computeFingerprints([parts(wrapped)]));
    });
    fc.assert(property);
  });

  it('is different for each finding, equal ones too, and keeps its number when others come and go', () => {
    const [a, b, c] = [parts('x'), parts('x'), parts('y')];
    const prints = computeFingerprints([a, b, c]);
    expect(new Set(prints).size).toBe(3);
    expect(computeFingerprints([c, a, b])).toEqual([prints[2], prints[0], prints[1]]);
  });

  it('does not mix up its parts', () => {
    expect(computeFingerprints([parts('b', 'a'), parts('', 'ab'), parts('ab', '')])).toHaveLength(3);
    const all = computeFingerprints([parts('b', 'a'), parts('', 'ab'), parts('ab', '')]);
    expect(new Set(all).size).toBe(3);
  });
});

it('severities and personas are ordered', () => {
  expect([isAtLeast('high', 'medium'), isAtLeast('low', 'medium')]).toEqual([true, false]);
  expect([readsAs('regular', 'pedantic'), readsAs('auditor', 'pedantic')]).toEqual([false, true]);
});

it('ignore comments name rules of ours, and those of other tools by their alias', () => {
  const aliases = new Map([['zizmor/artipacked', ['persisted-credentials']]]);
  const text =
    'a # vouchgate: ignore[x, y] because\nb # zizmor: ignore[artipacked,other]\nc # vouchgate: ignore me';
  expect(findInlineIgnores(text, aliases).map(({ ruleIds, reason }) => [ruleIds, reason])).toEqual([
    [['x', 'y'], 'because'],
    [['persisted-credentials', 'other'], undefined],
  ]);
});

describe('a baseline', () => {
  const findings = [sampleFinding({ fingerprint: 'a' }), sampleFinding({ fingerprint: 'b' })];

  it('hides what was there, and nothing that came later', () => {
    const baseline = Baseline.parse(JSON.parse(JSON.stringify(createBaseline(findings))));
    const later = applyBaseline([...findings, sampleFinding({ fingerprint: 'c' })], baseline);
    expect(later.map(({ suppression }) => suppression?.kind)).toEqual(['baseline', 'baseline', undefined]);
  });

  it('keeps what it hides when it is written again', () => {
    const again = createBaseline(applyBaseline(findings, createBaseline(findings)));
    expect(again).toEqual(createBaseline(findings));
  });
});

describe('a waiver', () => {
  const NOON = Date.parse('2026-11-23T12:00:00Z');
  const waive = (waiver: object, finding: Finding = sampleFinding({})) => {
    const configuration = ScanConfiguration.parse({
      version: 1,
      scan: {
        waivers: [{ rule: 'sample', owner: 'team', reason: 'known', expires: '2026-12-01', ...waiver }],
      },
    });
    return applyWaivers([finding], configuration.scan ?? {}, NOON, (glob, file) => matchesGlob(file, glob));
  };

  it('says whose decision it is, and why', () => {
    expect(waive({}).findings[0]?.suppression).toEqual({
      kind: 'waiver',
      justification: 'known',
      owner: 'team',
      expires: '2026-12-01',
    });
  });

  it('holds through its last day and not longer', () => {
    expect(waive({ expires: '2026-11-23' }).findings[0]?.suppression).toBeDefined();
    const over = waive({ expires: '2026-11-22' });
    expect(over.findings[0]?.suppression).toBeUndefined();
    expect(over.expired).toEqual(['the waiver of sample by team ended on 2026-11-22']);
  });

  it('covers its rule, path and fingerprint only', () => {
    expect(waive({ rule: 'other' }).findings[0]?.suppression).toBeUndefined();
    expect(waive({ path: '.github/**/*.yml' }).findings[0]?.suppression).toBeDefined();
    expect(waive({ path: 'src/**' }).findings[0]?.suppression).toBeUndefined();
    expect(waive({ fingerprint: 'x' }).findings[0]?.suppression).toBeUndefined();
  });

  it('needs an owner, a reason and an end', () => {
    expect(() => waive({ owner: undefined })).toThrow();
    expect(() => waive({ expires: 'never' })).toThrow();
  });
});
