import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from './match-glob.ts';

describe('a glob', () => {
  it.each<[string, string, boolean]>([
    ['acme/shop', 'acme/*', true],
    ['acme/team/shop', 'acme/*', false],
    ['acme/team/shop', 'acme/**', true],
    ['refs/heads/main', 'refs/heads/main', true],
    ['refs/heads/main2', 'refs/heads/main', false],
    ['refs/tags/v1.2', 'refs/tags/v*', true],
    ['refs/tags/release/v1', 'refs/tags/**', true],
    ['ci.yml', '**/*.yml', true],
    ['.github/workflows/ci.yml', '**/*.yml', true],
    ['.github/workflows/ci.yml', '.github/**/ci.y?l', true],
    ['.github/ci.yml', '.github/**/ci.yml', true],
    ['xci.yml', '**/ci.yml', false],
    ['a/xci.yml', '**/ci.yml', false],
    ['production', 'prod*', true],
    ['', '*', true],
    ['', '?', false],
    ['a.b', 'a?b', true],
    ['a/b', 'a?b', false],
    ['__proto__', '__proto__', true],
  ])('%j %s: %s', (text, glob, expected) => {
    expect(matchesGlob(text, glob)).toBe(expected);
  });

  it('of names and stars means what it means to Node', () => {
    const name = fc.stringMatching(/^[ab]{1,4}$/);
    const part = fc.stringMatching(/^[ab*]{1,4}$/).filter((each) => !each.includes('**'));
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.array(fc.oneof(part, fc.constant('**')), { minLength: 1, maxLength: 4 }),
        (names, parts) => {
          const [text, glob] = [names.join('/'), parts.join('/')];
          // `a/**` is also the folder itself to some tools; ours are names of files.
          fc.pre(!glob.endsWith('**'));
          expect(matchesGlob(text, glob), `${text} ${glob}`).toBe(path.posix.matchesGlob(text, glob));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('takes no longer for a name that was made for it', () => {
    const startedMs = performance.now();
    expect(matchesGlob(`${'a'.repeat(20_000)}b`, '*a*a*a*a*a*a*a*a*a*a')).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
