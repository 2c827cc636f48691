import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { createOwnerLookup, parseCodeOwners } from './code-owners.ts';

const ownersOf = (text: string, file: string) => createOwnerLookup(parseCodeOwners(text))(file);

/** The examples of GitHub's own documentation, and what it says about each. */
const GITHUB = `
# comment
*       @global-owner1 @global-owner2
*.js    @js-owner #inline comment
*.go docs@example.com
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/github
`;

describe('CODEOWNERS of GitHub', () => {
  it.each([
    ['README.md', '@global-owner1 @global-owner2'],
    ['src/deep/a.js', '@js-owner'],
    ['main.go', 'docs@example.com'],
    ['build/logs/x/y.txt', '@octocat'],
    ['deeply/nested/logs/x.txt', '@octocat'],
    ['other/apps/x/y.txt', '@octocat'],
    ['docs/getting-started.md', '@doctocat'],
    ['other/docs/a.md', '@global-owner1 @global-owner2'],
    ['scripts/a/b.sh', '@doctocat @octocat'],
    ['apps/github', undefined],
    ['apps/github/x.txt', undefined],
  ])('%s is owned by %s: the last line that matches counts', (file, owners) => {
    expect(ownersOf(GITHUB, file)).toBe(owners);
  });

  it('ties `docs/*` to the files directly in it', () => {
    expect(ownersOf('docs/* @a', 'docs/a.md')).toBe('@a');
    expect(ownersOf('docs/* @a', 'docs/build/a.md')).toBe(undefined);
    expect(ownersOf('docs/* @a', 'x/docs/a.md')).toBe(undefined);
  });

  it('takes a name without a slash anywhere, and `**` for any folders', () => {
    expect(ownersOf('Makefile @a', 'a/b/Makefile')).toBe('@a');
    expect(ownersOf('vendor @a', 'a/vendor/b.c')).toBe('@a');
    expect(ownersOf('/src/**/test/*.ts @a', 'src/a/b/test/c.ts')).toBe('@a');
    expect(ownersOf('/src/**/test/*.ts @a', 'src/test/c.ts')).toBe('@a');
    expect(ownersOf('a?c.ts @a', 'abc.ts')).toBe('@a');
    expect(ownersOf('/a\\ b/\\#c @a', 'a b/#c')).toBe('@a');
  });
});

describe('CODEOWNERS of GitLab', () => {
  const text = `
* @default
[Documentation][2] @docs-team
docs/
README.md @readme
^[Database] @dba
*.sql
[DOCUMENTATION]
*.md @md
`;

  it.each([
    ['src/a.ts', '@default'],
    ['docs/a.txt', '@default @docs-team'],
    ['README.md', '@default @md'],
    ['docs/db.sql', '@default @docs-team @dba'],
  ])('%s is owned by %s: every section counts for itself', (file, owners) => {
    expect(ownersOf(text, file)).toBe(owners);
  });
});

describe('any text', () => {
  it('is read without a crash, and looked up in bounded time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string(), (text, file) => {
        ownersOf(text, file);
      }),
    );
    const started = threadMs();
    const stars = Array.from({ length: 3_000 }, () => `${'*a'.repeat(120)}b @x`).join('\n');
    expect(ownersOf(stars, `x/${'a'.repeat(255)}`)).toBe(undefined);
    expect(ownersOf(`${'**/'.repeat(400)}z @x`, 'a/'.repeat(1_000))).toBe(undefined);
    ownersOf('a'.repeat(1_000_000), 'a');
    ownersOf('\\'.repeat(1_000_000), 'a');
    expect(ownersOf(`* @a\n${' '.repeat(4_000_000)}`, 'a')).toBe(undefined);
    expect(threadMs() - started).toBeLessThan(8_000);
  });
});
