import { describe, expect, it } from 'vitest';
import { rules } from '#scan/rules.generated.ts';
import { ruleExamples } from '#scan/rules/examples.generated.ts';
import { riskAreaOfRule } from './risk-area.ts';
import { createRuleBook, splitExample } from './rule-book.ts';

const book = createRuleBook(rules, ruleExamples);

describe('the rule book', () => {
  it('has both examples of every rule, and a risk area', () => {
    expect(book.rules.length).toBe(rules.length);
    for (const rule of book.rules) {
      expect(rule.vulnerable.map(({ text }) => text).join('')).not.toBe('');
      expect(rule.mended.map(({ text }) => text).join('')).not.toBe('');
      expect([rule.id, riskAreaOfRule(rule)]).not.toContain(undefined);
    }
  });

  it('finds ours by its id, and by what others call the same', () => {
    const [first] = book.alike('vouchgate', 'unpinned-action', []);
    expect(first?.id).toBe('unpinned-action');
    expect(book.alike('zizmor', 'unpinned-uses', []).map(({ id }) => id)).toContain('unpinned-action');
    expect(book.alike('acme', 'x', ['zizmor/unpinned-uses']).map(({ id }) => id)).toContain(
      'unpinned-action',
    );
    expect(book.alike('acme', 'constructor', ['__proto__'])).toEqual([]);
    expect(book.rule('__proto__')).toBe(undefined);
  });
});

describe('an example', () => {
  it('is split into its files, each in its language', () => {
    const text = '# --- Jenkinsfile\npipeline {}\n# --- infra/main.tf\nresource {}\n\n';
    expect(splitExample(text)).toEqual([
      { file: 'Jenkinsfile', language: 'groovy', text: 'pipeline {}' },
      { file: 'infra/main.tf', language: 'hcl', text: 'resource {}' },
    ]);
  });

  it('has no name where there is one file', () => {
    expect(splitExample('on: push\n')).toEqual([{ language: 'yaml', text: 'on: push' }]);
  });
});
