import { existsSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '#findings/finding.ts';
import { platformReaders } from '#pipeline/readers.ts';
import { fixRepository } from './fix/fix-repository.ts';
import { rules } from './rules.generated.ts';
import type { Rule } from './rule.ts';
import { hostileYaml } from './testing/hostile-yaml.ts';
import { type FixtureFile, readFixture } from './testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from './testing/scan-text.ts';

const FOLDER = new URL('rules/', import.meta.url);

function ofRule(findings: readonly Finding[], rule: Rule): Finding[] {
  return findings.filter(({ ruleId }) => ruleId === rule.id);
}

function fingerprints(findings: readonly Finding[]): string[] {
  return findings.map(({ fingerprint }) => fingerprint).sort();
}

/** The same pipelines with lines in front: every offset and every line is another one. */
function moveDown(files: readonly FixtureFile[]): FixtureFile[] {
  return files.map(({ file, text }) => ({ file, text: `# moved\n\n# down\n${text}` }));
}

it('has every folder of rules/ in the registry, once', () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/rule.ts`, FOLDER)),
  );
  expect(rules.map(({ id }) => id)).toEqual(folders.map(({ name }) => name).sort());
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('the rule %s', (id, rule) => {
  it('says what it is about in full', () => {
    expect(existsSync(new URL(`${id}/rule.test.ts`, FOLDER))).toBe(true);
    expect(rule.title).not.toMatch(/\.$/);
    for (const text of [rule.description, rule.why, rule.remedy]) expect(text).toMatch(/^[A-Z`].*\.$/s);
    expect(rule.references.length).toBeGreaterThan(0);
    for (const reference of rule.references) expect(reference).toMatch(/^https:\/\//);
    expect(rule.standards.cicdSec.length).toBeGreaterThan(0);
    expect(rule.standards.cwe.length).toBeGreaterThan(0);
    expect(
      rule.platforms.every((platform) => platformReaders.some((reader) => reader.platform === platform)),
    ).toBe(true);
  });

  it('fires on bad.yml, and is the only one that does for regular readers', () => {
    const scan = scanFiles(readFixture(id, 'bad'));
    expect(scan.problems).toEqual([]);
    expect(ofRule(scan.findings, rule).length).toBeGreaterThan(0);
    const others = scan.findings.filter(({ ruleId, persona }) => ruleId !== id && persona === 'regular');
    expect(others.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  it('is silent on good.yml', () => {
    const scan = scanFiles(readFixture(id, 'good'));
    expect(scan.problems).toEqual([]);
    expect(scan.repository.pipelines.length + scan.repository.files.length).toBeGreaterThan(0);
    expect(ofRule(scan.findings, rule).map(({ message }) => message)).toEqual([]);
    expect(scan.findings.filter(({ persona }) => persona === 'regular')).toEqual([]);
  });

  it('writes findings that a person can act on', () => {
    for (const { message, explanation, remedy, locations } of ofRule(
      scanFiles(readFixture(id, 'bad')).findings,
      rule,
    )) {
      expect(message).not.toMatch(/\n|\.$/);
      expect(message.length).toBeLessThan(200);
      expect(explanation.length + remedy.length).toBeGreaterThan(40);
      expect(locations[0].end.offset).toBeGreaterThan(locations[0].start.offset);
    }
  });

  it('gives a finding the same fingerprint when lines move', () => {
    const files = readFixture(id, 'bad');
    const found = ofRule(scanFiles(files).findings, rule);
    expect(fingerprints(ofRule(scanFiles(moveDown(files)).findings, rule))).toEqual(fingerprints(found));
    expect(new Set(fingerprints(found)).size).toBe(found.length);
  });

  it('has fixes that silence it, and a second run that changes nothing', () => {
    const files = readFixture(id, 'bad');
    const options = { rules, asOfMs: TEST_DAY_MS };
    const fixable = ofRule(scanFiles(files).findings, rule).filter(({ fixes }) => fixes.length > 0);
    const fixed = fixRepository({ root: '', files }, options, 'unsafe');
    expect(fixed.outcomes.filter(({ refused }) => refused !== undefined)).toEqual([]);
    const left = ofRule(fixed.scan.findings, rule).length;
    expect(left).toBeLessThanOrEqual(ofRule(scanFiles(files).findings, rule).length - fixable.length);
    const texts = files.map(({ file, text }) => ({ file, text: fixed.changed.get(file) ?? text }));
    expect([...fixRepository({ root: '', files: texts }, options, 'unsafe').changed]).toEqual([]);
  });
});

it('no rule fails on arbitrary YAML, in workflows, actions and configuration', () => {
  const file = fc.constantFrom('.github/workflows/a.yml', 'action.yml', '.github/dependabot.yml');
  const property = fc.property(file, hostileYaml(), (name, text) => {
    const scan = scanFiles([{ file: name, text }]);
    expect(scan.problems.filter(({ message }) => message.includes('failed here'))).toEqual([]);
  });
  fc.assert(property, { numRuns: 400 });
});

it('no rule fails on arbitrary bytes', () => {
  const property = fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
    const scan = scanFiles([{ file: '.github/workflows/a.yml', text }]);
    expect(scan.problems.filter(({ message }) => message.includes('failed here'))).toEqual([]);
  });
  fc.assert(property, { numRuns: 300 });
});
