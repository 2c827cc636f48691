import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { compileRule } from './compiled-rule.ts';
import { describeRule } from './describe-rule.ts';
import { Matcher } from './matcher.ts';
import { writeOutCase } from './pattern.ts';
import { rulePack } from './rule-pack.ts';
import { SECRET_RULE_PREFIX } from './rule.ts';
import { needsKeyword } from './team/needs-keyword.ts';

/** Without what looks around: that is about the text beside a secret. */
function core(pattern: string): RegExp {
  const bare = writeOutCase(pattern).replaceAll(/\(\?<?[!=](?:\[(?:\\.|[^\]])*\]|\\.|[^()])*\)|\\b/g, '');
  return new RegExp(`^(?:${bare})$`);
}

describe('the pack', () => {
  it('has at least 150 rules for providers, each with a name of its own', () => {
    expect(rulePack.filter(({ tier }) => tier !== 'generic').length).toBeGreaterThanOrEqual(150);
    expect(new Set(rulePack.map(({ id }) => id)).size).toBe(rulePack.length);
    for (const { id } of rulePack) expect(id).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
  });

  it('says of each how to revoke it and how to live without it', () => {
    for (const rule of rulePack) {
      expect(rule.revoke, rule.id).toMatch(/[.…]$/);
      expect(rule.instead.length, rule.id).toBeGreaterThan(40);
      expect(describeRule(rule).id).toBe(`${SECRET_RULE_PREFIX}${rule.id}`);
    }
  });

  it('knows its keywords in lower case, and none that stands everywhere', () => {
    for (const { id, keywords } of rulePack) {
      for (const word of keywords) {
        expect(word, id).toBe(word.toLowerCase());
        expect(word.length, `${id}: ${word}`).toBeGreaterThanOrEqual(3 - Number(/[^a-z]/.test(word)));
      }
    }
  });
});

describe.each(rulePack.map((rule) => [rule.id, rule] as const))('the rule %s', (_, rule) => {
  it('looks at everything that its pattern matches', () => {
    const matcher = new Matcher([{ ...compileRule(rule), leads: () => true, judge: () => 'high' }]);
    // Some keywords stand near a secret and not in it.
    const near = needsKeyword(writeOutCase(rule.pattern), rule.keywords) ? '' : (rule.keywords[0] ?? '');
    fc.assert(
      fc.property(fc.stringMatching(core(rule.pattern), { size: 'small' }), (sample) => {
        const found = matcher.match(Buffer.from(`\n${near} "${sample}"\n`), 'a.txt');
        expect(found.length).toBeGreaterThan(0);
      }),
      { numRuns: 8 },
    );
  });

  it('is over soon for a megabyte of its keyword, and of what comes close', () => {
    const matcher = new Matcher([compileRule(rule)]);
    const word = rule.keywords[0] ?? '';
    const startMs = threadMs();
    for (const piece of [word, `${word}_`, `${word}="`, `${word} = `, `"${word}":"a`]) {
      matcher.match(Buffer.from(piece.repeat(Math.ceil(200_000 / piece.length))), 'a.txt');
    }
    expect(threadMs() - startMs).toBeLessThan(4_000);
    expect([...matcher.cutShort]).toEqual([]);
  });
});
